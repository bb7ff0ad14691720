import type * as pulumi from "@pulumi/pulumi";
import type { VerifierFunctionArgs } from "../detector/verifier-function";

/** What both functions of a sweep are made of. */
export interface SweepFunctionArgs extends Pick<VerifierFunctionArgs, "imageUri" | "architecture" | "clusters"> {
  /** Its environment variables. */
  variables: pulumi.Input<Readonly<Record<string, string>>>;
  queueArn: pulumi.Input<string>;
  ledgerTableArn: pulumi.Input<string>;
  topicArn: pulumi.Input<string>;
  /** ARN of the product of Security Hub that findings are sent as. Default: there are none. */
  findingsProductArn?: pulumi.Input<string> | undefined;
  logGroup: { readonly name: pulumi.Input<string>; readonly arn: pulumi.Input<string> };
}
