import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";

/** The outputs of the last deployment that decide which changes are allowed. */
const lastOutputs = z.object({
  account: z.string().optional().catch(undefined),
  region: z.string().optional().catch(undefined),
  /** Name of the environment. */
  environment: z.string().optional().catch(undefined),
  /** ARN of the alias that hooks of services invoke. Missing without a gate. */
  gateTargetArn: z.string().optional().catch(undefined),
  signingProfileArn: z.string().optional().catch(undefined),
  /** Missing if the profile was made elsewhere. */
  signingProfileVersionArn: z.string().optional().catch(undefined),
  /** ARNs of other stacks' signing profiles, by the identity that names the stack. Missing if there was none. */
  trustedStacks: z.record(z.string(), z.string()).optional().catch(undefined),
});

export type LastOutputs = z.infer<typeof lastOutputs>;

/** Reads the outputs of the running stack from before this update; empty before the first update. */
export async function readLastOutputs(): Promise<LastOutputs> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  // Like a StackReference, but without a resource in the state.
  const { outputs } = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
  return lastOutputs.parse(outputs ?? {});
}
