import * as pulumi from "@pulumi/pulumi";
import { parseIdentity } from "../trust/identity";
import { NAMESPACE } from "./problem";
import { PROFILE_OUTPUT, stackNameOf } from "./stack-identities";

/** Another stack has no signing profile to trust. Pulumi shows the message only. */
export class StackProfileError extends pulumi.RunError {
  override readonly name = "StackProfileError";

  constructor(text: string, stack: string, found: unknown) {
    const what =
      found === undefined
        ? `has no output ${PROFILE_OUTPUT}`
        : `has an output ${PROFILE_OUTPUT} that is not the ARN of a signing profile`;
    super(
      `${NAMESPACE}:trust: the identity ${JSON.stringify(text)} stands for the signing profile of the stack ${stack}, which ${what}. ` +
        "Deploy that stack first, or write the ARN of its signing profile here.",
    );
    this.stack = this.message;
  }
}

/**
 * Reads the signing profiles of other stacks from their outputs.
 *
 * @returns ARNs by identity.
 * @throws {@link StackProfileError}
 */
export async function stackProfiles(identities: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const home = { organization: pulumi.getOrganization(), project: pulumi.getProject() };
  const entries = identities.map(async (text): Promise<readonly [string, string]> => {
    const stack = stackNameOf(text, home);
    const reference = new pulumi.StackReference(`trusted-${stack}`, { name: stack });
    const { value } = await reference.getOutputDetails(PROFILE_OUTPUT);
    if (!isIdentity(value)) throw new StackProfileError(text, stack, value);
    return [text, value];
  });
  return new Map(await Promise.all(entries));
}

function isIdentity(value: unknown): value is string {
  if (typeof value !== "string") return false;
  try {
    parseIdentity(value);
    return true;
  } catch {
    return false;
  }
}
