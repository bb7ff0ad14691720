import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { quote } from "../../trust/quote";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { deploymentCheckRequest, parseDeploymentCheckResult } from "../../verifier/src/detector/deployment-check";
import { nextStep } from "../../verifier/src/reporting/next-step";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { typeToken } from "../type-token";

export interface DeploymentCheckChildren {
  readonly invocation?: Child<lambda.InvocationArgs>;
}

export const DEPLOYMENT_CHECK_SENSITIVE: Sensitive<DeploymentCheckChildren> = {
  invocation: ["functionName", "qualifier", "input", "triggers"],
};

export interface DeploymentCheckArgs {
  functionName: pulumi.Input<string>;
  /** The version that is asked. Default: the newest code, published or not. */
  qualifier?: pulumi.Input<string> | undefined;
  /** The verifier's image, by digest: another image may have other settings, or read registries in another way. */
  imageUri: pulumi.Input<string>;
  /** Hash of the settings in that image. */
  settingsHash: pulumi.Input<string>;
  /** The policies of the function's role, as JSON: they decide which repositories it can read. */
  permissions: pulumi.Input<string>;
  /** Changes to single resources of this component: docs/components.md. */
  children?: DeploymentCheckChildren | undefined;
}

/**
 * Invokes the verifier after each change of it. The deployment fails if the function does not run with the deployed
 * settings. It warns of repositories that the trust document names and the function cannot read: their images would be
 * denied, or inconclusive, at their first launch.
 */
export class DeploymentCheck extends pulumi.ComponentResource {
  constructor(name: string, args: DeploymentCheckArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("DeploymentCheck"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, DEPLOYMENT_CHECK_SENSITIVE);
    const { functionName, qualifier, imageUri, settingsHash, permissions } = args;
    // If the function throws, the invocation fails and is not recorded, so the next update asks again (`invoke` of
    // terraform-provider-aws, internal/service/lambda/invocation.go). That no execution environment of the earlier image
    // answers once Lambda calls the update successful is inferred (function-updated-at-once); if one does, the next update
    // passes.
    const invocation = new lambda.Invocation(
      `${name}-invocation`,
      ...child("invocation", {
        functionName,
        ...withoutUndefined({ qualifier }),
        input: pulumi.output(settingsHash).apply((hash) => JSON.stringify(deploymentCheckRequest(hash))),
        triggers: { image: imageUri, permissions },
      }),
    );
    // Not in a preview, which invokes nothing: it could only show the answer to an earlier update.
    if (!pulumi.runtime.isDryRun()) {
      pulumi.all([invocation.result, invocation.urn]).apply(async ([result, urn]) => {
        for (const line of checkWarnings(result, urn)) await pulumi.log.warn(line, this);
      });
    }
    this.registerOutputs({});
  }
}

/** The warnings for the function's answer. `urn` is the invocation's URN. */
export function checkWarnings(result: string, urn: string): readonly string[] {
  const again = `To ask again: pulumi up --replace '${urn}'`;
  const check = parseDeploymentCheckResult(result);
  if (check === undefined) {
    return [
      `It is not known whether the verifier can read the repositories of the trust document: its answer was ${quote(result)}. See its log. ${again}`,
    ];
  }
  return check.warnings.map(
    ({ repository, code, detail }) =>
      `The verifier cannot read ${quote(repository)}: ${code}, ${quote(detail, 500)}. ${nextStep(code)} ${again}`,
  );
}
