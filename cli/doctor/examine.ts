import { notationVerifier } from "../../build/go";
import { type ProgramSource, programSource } from "../../build/program";
import { isRegionName } from "../../trust/partition";
import { findSignerPlugin } from "../../verifier/src/notation/signer-plugin";
import { type ProgramOutcome, runProgram } from "../lib/run-program";
import type { Use } from "../lib/use";
import { askPlugin } from "../plugin/plugin-metadata";
import { askCaller, askConcurrency, askSigner } from "./aws-questions";
import type { Finding } from "./finding";
import { type ChosenRegion, judgeCredentials, judgeRegion, judgeSigner } from "./judge-aws";
import { judgeConcurrency } from "./judge-lambda";
import { judgeDocker, judgeMachine, judgeNode, judgePulumi } from "./judge-machine";
import { judgePlugin, judgeVerifier } from "./judge-verification";
import { requiredPulumi, type StackNeeds } from "./stack-needs";

/** What is examined. */
export interface Examination {
  readonly uses: readonly Use[];
  readonly stack: StackNeeds | undefined;
  /** The folder with Pulumi.yaml. */
  readonly project: string;
  readonly region: ChosenRegion;
  readonly env: NodeJS.ProcessEnv;
}

/** The longest time for a program to say its version. */
const LIMIT_MS = 10_000;

/** Looks at all that the uses need, side by side. */
export async function examine({ uses, stack, project, region, env }: Examination): Promise<readonly Finding[]> {
  const parts = [
    [judgeNode(process.versions.node), judgeMachine(process.platform, process.arch)],
    uses.includes("command-line") ? examineVerification(env) : [],
    uses.includes("deployment") ? examineDeployment(stack, project) : [],
    examineAws(uses, stack, region),
  ];
  return (await Promise.all(parts)).flat();
}

async function examineVerification(env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const source = programSource(notationVerifier);
  const search = findSignerPlugin(env);
  const [program, plugin] = await Promise.all([
    askVerifier(source),
    search.plugin === undefined ? undefined : askPlugin(search.plugin),
  ]);
  return [judgeVerifier(source, program), judgePlugin(search, plugin)];
}

function askVerifier(source: ProgramSource): Promise<ProgramOutcome> {
  return source.kind === "prebuilt"
    ? runProgram(source.executable, { args: ["version"], limitMs: LIMIT_MS })
    : runProgram("go", { args: ["version"], limitMs: LIMIT_MS });
}

async function examineDeployment(stack: StackNeeds | undefined, project: string): Promise<readonly Finding[]> {
  const ask = (program: string, ...args: readonly string[]) =>
    runProgram(program, {
      args,
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      limitMs: LIMIT_MS,
    });
  const [pulumi, requirement, version, buildx] = await Promise.all([
    ask("pulumi", "version"),
    requiredPulumi(project),
    ask("docker", "version", "--format", "{{json .}}"),
    ask("docker", "buildx", "version"),
  ]);
  return [
    judgePulumi(pulumi, requirement),
    judgeDocker({ version, buildx }, stack?.needsDocker ?? true),
    ...(stack === undefined ? [] : [stack.finding]),
  ];
}

async function examineAws(
  uses: readonly Use[],
  stack: StackNeeds | undefined,
  region: ChosenRegion,
): Promise<readonly Finding[]> {
  const { name } = region;
  if (name === undefined || !isRegionName(name)) {
    // Who the credentials are of is the same everywhere.
    const caller = await askCaller("us-east-1");
    return [judgeRegion(region), judgeCredentials(caller, stack?.allowedAccounts ?? [])];
  }
  const [caller, signer, concurrency] = await Promise.all([
    askCaller(name),
    askSigner(name),
    uses.includes("deployment") ? askConcurrency(name) : undefined,
  ]);
  return [
    judgeRegion(region),
    judgeCredentials(caller, stack?.allowedAccounts ?? []),
    judgeSigner(signer, region, caller.kind !== "silent"),
    ...(concurrency === undefined ? [] : [judgeConcurrency(concurrency, stack?.reserved)]),
  ];
}
