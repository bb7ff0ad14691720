import * as z from "zod";

/**
 * What the program says of an environment once it is deployed: configuration/outputs.ts. Outputs that are not named here
 * are kept.
 */
const environmentOutputs = z.looseObject({
  /** Its name in records and metrics: that of the stack unless the configuration says otherwise. */
  environment: z.string(),
  /** AWS account, 12 digits. */
  account: z.string(),
  region: z.string(),
  mode: z.enum(["audit", "enforce"]),
  /** Host of the account's registry. */
  registry: z.string(),
  signingProfileArn: z.string(),
  /** Missing where the profile was made elsewhere. */
  signingProfileVersionArn: z.string().optional(),
  functionName: z.string(),
  /** Name of the log group with the verdicts. */
  logGroup: z.string(),
  /** Name of the table that remembers verdicts and actions. */
  ledgerTable: z.string(),
  /** Name of the queue with the events that failed at every attempt. */
  failureQueue: z.string(),
  /** Name of the queue with the events that never reached the function. */
  deadLetterQueue: z.string(),
  /** Who had not confirmed at the last update: e-mail addresses, and places such as `https[0]` in `notifications.https`. */
  unconfirmedRecipients: z.array(z.string()),
  /** Of the sample, where there is one. */
  signedTaskDefinitionArn: z.string().optional(),
  unsignedTaskDefinitionArn: z.string().optional(),
});

export type EnvironmentOutputs = z.infer<typeof environmentOutputs>;

/** The outputs of an environment, or what keeps a value from being that, in a line each. */
export function parseEnvironmentOutputs(
  value: unknown,
): { readonly outputs: EnvironmentOutputs } | { readonly problems: readonly string[] } {
  const parsed = environmentOutputs.safeParse(value);
  if (parsed.success) return { outputs: parsed.data };
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "(all)"}: ${message}`);
  return { problems };
}
