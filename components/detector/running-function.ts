import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../../trust/text/fixable-error";
import { ComponentError } from "../program-error";

/** The requested properties of a function that are compared. A property that was not requested is undefined. */
export interface WantedFunction {
  /** The image, by digest. */
  readonly imageUri: string | undefined;
  readonly memorySize: number | undefined;
  readonly timeout: number | undefined;
  readonly reservedConcurrentExecutions: number | undefined;
  readonly variables: Readonly<Record<string, string>>;
}

/** The function's properties, as Lambda reports them. */
export type FoundFunction = Pick<
  lambda.GetFunctionResult,
  "imageUri" | "memorySize" | "timeout" | "reservedConcurrentExecutions" | "environment"
>;

/** Lambda does not run what was deployed. */
export class FunctionOutOfDateError extends ComponentError {
  override readonly name = "FunctionOutOfDateError";

  constructor(functionName: string, differences: readonly string[], fix = "Run: pulumi up --refresh") {
    super({
      what:
        `The function ${functionName} differs from this deployment: ${differences.join("; ")}. An earlier update of it ` +
        "failed, and Pulumi recorded it as done.",
      fix,
    });
  }

  get fault(): Fault {
    return "failure";
  }
}

/**
 * The name of the function, once Lambda itself confirms that the function is as requested. The provider records a failed
 * update as if it had been made (terraform-provider-aws#49310, pulumi#1836), and the next update finds nothing to do. Every
 * update asks Lambda; a preview does not.
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

/**
 * The newest version of the function, once Lambda itself confirms that this version is as requested: an update can fail when
 * the function is changed and its version not published yet.
 *
 * @throws {@link FunctionOutOfDateError} through the output.
 */
export function versionOfRunning(
  published: lambda.Function,
  wanted: pulumi.Input<WantedFunction>,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  if (pulumi.runtime.isDryRun()) return published.version;
  const { name: functionName, version: qualifier } = published;
  const found = lambda.getFunctionOutput({ functionName, qualifier }, { parent });
  return pulumi.all([functionName, qualifier, wanted, found]).apply(([name, version, asked, answer]) => {
    // Concurrency is reserved for the function as a whole.
    const differences = listDifferences({ ...asked, reservedConcurrentExecutions: undefined }, answer);
    if (differences.length > 0) throw new FunctionOutOfDateError(`${name}:${version}`, differences, PUBLISH);
    return version;
  });
}

/** The provider publishes a version only with a change (`resourceFunctionUpdate` of terraform-provider-aws). */
const PUBLISH =
  "Change a property of it, such as its memory (verifier.memoryMiB) by 1 MiB, so that a version is published, then run: pulumi up";

/** The compared properties, as a function's arguments request them. */
export function wantedFunction(args: lambda.FunctionArgs): pulumi.Output<WantedFunction> {
  const { imageUri, memorySize, timeout, reservedConcurrentExecutions, environment } = args;
  return pulumi
    .output({ imageUri, memorySize, timeout, reservedConcurrentExecutions, environment })
    .apply(({ environment: set, ...known }) => ({ ...known, variables: set?.variables ?? {} }));
}

/** The differences between the function and the request, each as text for the error. */
export function listDifferences(wanted: WantedFunction, found: FoundFunction): readonly string[] {
  const [wantedDigest, foundDigest] = [wanted.imageUri ?? "", found.imageUri].map(parseDigest);
  const { memorySize, timeout, reservedConcurrentExecutions: reserved } = wanted;
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    // An answer without a digest cannot be compared; deployment-check.ts asks the function itself.
    ["image", foundDigest ?? wantedDigest, wantedDigest],
    ["memory in MiB", found.memorySize, memorySize ?? found.memorySize],
    ["timeout in seconds", found.timeout, timeout ?? found.timeout],
    ["reserved concurrency", found.reservedConcurrentExecutions, reserved ?? found.reservedConcurrentExecutions],
    ...Object.entries(wanted.variables).map(
      ([name, value]) => [name, found.environment.variables[name], value] as const,
    ),
  ];
  return pairs.flatMap(([what, is, should]) => (is === should ? [] : [`${what}: ${is} instead of ${should}`]));
}

function parseDigest(imageUri: string): string | undefined {
  return /@(sha256:[a-f0-9]{64})$/.exec(imageUri)?.[1];
}
