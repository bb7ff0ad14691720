import { existsSync } from "node:fs";
import { PACKAGE_ROOT } from "../../package-root";
import { EXIT } from "../lib/exit-code";
import { USES, type Use } from "../lib/use";
import { doctorJson, doctorText } from "./doctor-text";
import { examine } from "./examine";
import { readiness } from "./finding";
import type { ChosenRegion } from "./judge-aws";
import { readStackNeeds, type StackNeeds } from "./stack-needs";

/** The options of `doctor`. */
export interface DoctorOptions {
  readonly for?: Use;
  readonly stack?: string;
  readonly project?: string;
  readonly region?: string;
  readonly json?: true;
}

/** Says what this machine and this account lack for a use, and what to do about it. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const uses = options.for === undefined ? USES : [options.for];
  const project = options.project ?? (existsSync("Pulumi.yaml") ? "." : PACKAGE_ROOT);
  const stack = options.stack === undefined ? undefined : await readStackNeeds(options.stack, project);
  const region = chooseRegion(options, stack, process.env);
  const all = await examine({ uses, stack, project, region, env: process.env });
  const findings = all.filter((finding) => finding.uses.some((use) => uses.includes(use)));
  const ready = readiness(findings, uses);
  process.stdout.write(`${options.json ? doctorJson(findings, ready) : doctorText(findings, ready)}\n`);
  process.exitCode = [...ready.values()].every(Boolean) ? EXIT.trusted : EXIT.denied;
}

/** As the commands choose it: the option, the stack's file, or the variables. */
function chooseRegion(
  { region }: DoctorOptions,
  stack: StackNeeds | undefined,
  { AWS_REGION, AWS_DEFAULT_REGION }: NodeJS.ProcessEnv,
): ChosenRegion {
  if (region !== undefined) return { name: region, from: "--region" };
  if (stack?.region !== undefined) return { name: stack.region, from: "the stack's file" };
  if (AWS_REGION) return { name: AWS_REGION, from: "AWS_REGION" };
  return { name: AWS_DEFAULT_REGION || undefined, from: "AWS_DEFAULT_REGION" };
}
