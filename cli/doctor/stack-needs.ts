import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError } from "../../configuration/problem";
import { type Configuration, readConfiguration } from "../../configuration/read";
import { NO_ACCOUNT } from "../../configuration/stack-place";
import { parseYaml, readYaml } from "../../trust/read";
import { asFields } from "../../trust/unchecked-value";
import { accountOfStack, parseStackFile } from "../trust/stack-file";
import { about, type Finding } from "./finding";

/** What a stack wants of the machine and of the account. */
export interface StackNeeds {
  readonly region: string | undefined;
  readonly allowedAccounts: readonly string[];
  /** Concurrent executions that it reserves; undefined if its file has problems. */
  readonly reserved: number | undefined;
  readonly needsDocker: boolean;
  readonly finding: Finding;
}

const stackFile = about({ id: "stack", name: "Stack's file", uses: ["deployment"] });

/**
 * Reads a stack's file in the folder of a project. The stack's account is not looked up: `trust check --account` checks with it.
 *
 * @throws `TrustFileError`, `UsageError`: it is not there, or is no YAML.
 */
export async function readStackNeeds(stack: string, project: string): Promise<StackNeeds> {
  const file = join(project, `Pulumi.${stack}.yaml`);
  const read = parseStackFile(stack, (await readYaml(file)).value);
  const { region } = read.source;
  const { allowedAccounts } = read;
  try {
    const configuration = readConfiguration({ ...read.source, account: accountOfStack(read) ?? NO_ACCOUNT });
    return {
      ...{ region, allowedAccounts },
      reserved: reservedBy(configuration),
      needsDocker: configuration.verifier.imageUri === undefined || configuration.sampleWorkload,
      finding: stackFile.ok(`${file} has no problems`),
    };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const count = error.problems.length === 1 ? "one problem" : `${error.problems.length} problems`;
    const finding = stackFile.problem(`${file} has ${count}`, `Run: ecs-image-verification trust check ${file}`);
    return { region, allowedAccounts, reserved: undefined, needsDocker: true, finding };
  }
}

/** The functions that reserve invocations for themselves. */
function reservedBy({ verifier, gate }: Pick<Configuration, "verifier" | "gate">): number {
  const gates = gate === undefined || gate.reservedConcurrency === "none" ? 0 : gate.reservedConcurrency;
  return (verifier.reservedConcurrency ?? 0) + gates;
}

/** What Pulumi.yaml of a folder says under requiredPulumiVersion. */
export async function requiredPulumi(project: string): Promise<string | undefined> {
  const file = join(project, "Pulumi.yaml");
  if (!existsSync(file)) return undefined;
  const { requiredPulumiVersion } = asFields(parseYaml(file, await readFile(file, "utf8")).value);
  return typeof requiredPulumiVersion === "string" ? requiredPulumiVersion : undefined;
}
