import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../../trust/text/fixable-error";
import { ComponentError } from "../program-error";

/** What a function was asked to be, as far as that is compared; undefined is what nobody asked for. */
export interface WantedFunction {
  /** The image, by digest. */
  readonly imageUri: string | undefined;
  readonly memorySize: number | undefined;
  readonly timeout: number | undefined;
  readonly reservedConcurrentExecutions: number | undefined;
  readonly variables: Readonly<Record<string, string>>;
}

/** What Lambda says that it is. */
export type FoundFunction = Pick<
  lambda.GetFunctionResult,
  "imageUri" | "memorySize" | "timeout" | "reservedConcurrentExecutions" | "environment"
>;

/** Lambda does not run what was deployed. */
export class FunctionOutOfDateError extends ComponentError {
  override readonly name = "FunctionOutOfDateError";

  constructor(functionName: string, differences: readonly string[]) {
    super({
      what:
        `The function ${functionName} is not what this deployment says: ${differences.join("; ")}. An update of it has failed ` +
        "before, and Pulumi has recorded what was not done.",
      fix: "Do: pulumi up --refresh.",
    });
  }

  get fault(): Fault {
    return "failure";
  }
}

/**
 * The name of the function, once Lambda itself says that it is what was asked for: the provider records an update that
 * failed as if it had been made (terraform-provider-aws#49310, pulumi#1836), and the next one finds nothing to do. Asked with
 * each update; a preview asks nothing.
 *
 * @throws {@link FunctionOutOfDateError} through the output.
 */
export function nameOfRunning(
  verifier: lambda.Function,
  wanted: pulumi.Input<WantedFunction>,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  if (pulumi.runtime.isDryRun()) return verifier.name;
  const found = lambda.getFunctionOutput({ functionName: verifier.name }, { parent });
  return pulumi.all([verifier.name, wanted, found]).apply(([name, asked, answer]) => {
    const differences = listDifferences(asked, answer);
    if (differences.length > 0) throw new FunctionOutOfDateError(name, differences);
    return name;
  });
}

/** What the arguments of a function ask for. */
export function wantedFunction(args: lambda.FunctionArgs): pulumi.Output<WantedFunction> {
  const { imageUri, memorySize, timeout, reservedConcurrentExecutions, environment } = args;
  return pulumi
    .output({ imageUri, memorySize, timeout, reservedConcurrentExecutions, environment })
    .apply(({ environment: set, ...known }) => ({ ...known, variables: set?.variables ?? {} }));
}

/** What about the function differs from what was asked for, each as a person is told. */
export function listDifferences(wanted: WantedFunction, found: FoundFunction): readonly string[] {
  const [wantedDigest, foundDigest] = [wanted.imageUri ?? "", found.imageUri].map(parseDigest);
  const { memorySize, timeout, reservedConcurrentExecutions: reserved } = wanted;
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    // Without a digest in the answer there is nothing to compare; the function is asked as well (deployment-check.ts).
    ["image", foundDigest ?? wantedDigest, wantedDigest],
    ["memory in MiB", found.memorySize, memorySize ?? found.memorySize],
    ["timeout in seconds", found.timeout, timeout ?? found.timeout],
    ["reserved concurrency", found.reservedConcurrentExecutions, reserved ?? found.reservedConcurrentExecutions],
    ...Object.entries(wanted.variables).map(
      ([name, value]) => [name, found.environment.variables[name], value] as const,
    ),
  ];
  return pairs.flatMap(([what, is, should]) => (is === should ? [] : [`${what}: ${is}, and not ${should}`]));
}

function parseDigest(imageUri: string): string | undefined {
  return /@(sha256:[a-f0-9]{64})$/.exec(imageUri)?.[1];
}
