import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { quote } from "../trust/quote";
import { nextStep } from "../verifier/src/launch/next-step";
import { parseRepositoryCheck, REPOSITORY_CHECK } from "../verifier/src/registry/repository-check";
import { typeToken } from "./type-token";

export interface RepositoryCheckArgs {
  functionName: pulumi.Input<string>;
  /** The verifier's image, by digest: another one has another trust document, or reads in another way. */
  imageUri: pulumi.Input<string>;
  /** The policy of the function's role, as JSON: another one may read other repositories. */
  rolePolicy: pulumi.Input<string>;
}

/**
 * Has the verifier look, after each change of it, whether it can read the repositories that the trust document names, and
 * warns of those that it cannot: their images would be denied, or inconclusive, at their first launch.
 */
export class RepositoryCheck extends pulumi.ComponentResource {
  constructor(name: string, args: RepositoryCheckArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("RepositoryCheck"), name, { ...args }, opts);
    const { functionName, imageUri, rolePolicy } = args;
    const invocation = new lambda.Invocation(
      `${name}-invocation`,
      {
        functionName,
        input: JSON.stringify(REPOSITORY_CHECK),
        triggers: { image: imageUri, permissions: rolePolicy },
      },
      { parent: this },
    );
    // A preview asks nothing: what it could show is the answer to an earlier update.
    if (!pulumi.runtime.isDryRun()) {
      pulumi.all([invocation.result, invocation.urn]).apply(async ([result, urn]) => {
        for (const line of checkWarnings(result, urn)) await pulumi.log.warn(line, this);
      });
    }
    this.registerOutputs({});
  }
}

/** What a person is told of the function's answer; `urn` is the invocation's. */
export function checkWarnings(result: string, urn: string): readonly string[] {
  const again = `To ask again: pulumi up --replace '${urn}'`;
  const check = parseRepositoryCheck(result);
  if (check === undefined) {
    return [
      `Whether the verifier can read the repositories of the trust document is not known: its answer was ${quote(result)}. See its log. ${again}`,
    ];
  }
  return check.warnings.map(
    ({ repository, code, detail }) =>
      `The verifier cannot read ${quote(repository)}: ${code}, ${quote(detail, 500)}. ${nextStep(code)} ${again}`,
  );
}
