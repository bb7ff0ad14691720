import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";

/** What the last deployment said of itself, as far as it decides what may change. */
const lastOutputs = z.object({
  region: z.string().optional().catch(undefined),
  signingProfileArn: z.string().optional().catch(undefined),
  /** Missing where the profile was made elsewhere. */
  signingProfileVersionArn: z.string().optional().catch(undefined),
  /** ARNs of other stacks' signing profiles, by the identity that named the stack. Missing where there was none. */
  trustedStacks: z.record(z.string(), z.string()).optional().catch(undefined),
});

export type LastOutputs = z.infer<typeof lastOutputs>;

/** Reads the outputs of the running stack as they were before this update; empty before the first. */
export async function readLastOutputs(): Promise<LastOutputs> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  // What a StackReference does, without a resource in the state.
  const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
  return lastOutputs.parse(outputs ?? {});
}
