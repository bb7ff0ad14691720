import { ECSClient } from "@aws-sdk/client-ecs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { type CheckedService, checkServices } from "../../automation/operations/gate/check-services";
import type { ServiceReference } from "../../verifier/src/gate/attachment/service-reference";
import { paceJudge } from "../../verifier/src/sweep/signer-pace";
import type { Verification } from "../../verifier/src/verification/on-this-machine";
import { deployedEnvironment } from "../environments/deployed";
import { areCredentialsRefused, awsFailure } from "../lib/aws-errors";
import { showCount } from "../lib/count-progress";
import { EXIT, toExitCode } from "../lib/exit-code";
import { createScanPace } from "../scan/scan-pace";
import { checkedJson, checkedTable, reasonLines, summaryLine, verdictsOf } from "./check-text";
import { describeSelected } from "./describe-selected";
import { startJudging } from "./judging";
import type { JudgingOptions } from "./judging-options";
import { checkPlace, checkSelection, type SelectionOptions } from "./selection";

/** The options of `gate check`. */
export interface CheckServicesOptions extends SelectionOptions, JudgingOptions {
  readonly json?: true;
}

/** Judges what services run, prints it and sets the exit code. */
export async function check(services: readonly ServiceReference[] = [], options: CheckServicesOptions): Promise<void> {
  checkSelection(services, options);
  const outputs = await deployedEnvironment(options);
  checkPlace(services, outputs);
  const ecs = new ECSClient({ region: outputs.region, maxAttempts: 5 });
  // Before AWS is asked: a file or a plugin that is missing here needs no credentials to find out.
  const verification = await startJudging(options, outputs);
  try {
    const found = await describeSelected(ecs, services, options, outputs);
    print(outputs, await checkOnThisMachine(ecs, found, verification), options);
  } finally {
    await verification.stop();
  }
}

function print(outputs: EnvironmentOutputs, checked: readonly CheckedService[], { json }: CheckServicesOptions): void {
  if (json) {
    for (const one of checked) for (const line of checkedJson(outputs, one)) process.stdout.write(`${line}\n`);
  } else if (checked.length > 0) {
    process.stdout.write([checkedTable(outputs, checked), ...reasonLines(checked), ""].join("\n"));
  }
  process.stderr.write(`${summaryLine(checked)}\n`);
  process.exitCode = exitCode(checked);
}

/**
 * Judges the services with the programs and credentials of this machine, with the progress on standard error.
 *
 * @throws `CommandFailedError` if AWS refuses the credentials for one: it would for the others.
 */
export async function checkOnThisMachine(
  ecs: ECSClient,
  services: Parameters<typeof checkServices>[0]["services"],
  verification: Pick<Verification, "judge">,
): Promise<readonly CheckedService[]> {
  // So that launches are not throttled by AWS Signer meanwhile.
  const judge = paceJudge(verification.judge, createScanPace());
  const progress = showCount(process.stderr, services.length, "services judged");
  const checked: CheckedService[] = [];
  try {
    for await (const one of checkServices({ ecs, judge, services })) {
      const { outcome, service } = one;
      if (outcome.result === "failed" && areCredentialsRefused(outcome.error)) {
        const of = service.serviceArn ?? "";
        throw awsFailure({ asking: "Reading what is deployed of", of, action: READING }, outcome.error);
      }
      checked.push(one);
      progress.done(checked.length);
    }
  } finally {
    progress.end();
  }
  return checked;
}

const READING = "ecs:ListServiceDeployments, ecs:DescribeServiceRevisions and ecs:DescribeTaskDefinition";

function exitCode(checked: readonly CheckedService[]): number {
  const code = toExitCode(checked.flatMap(verdictsOf).map(({ status }) => status));
  const isUnknown = checked.some(({ outcome }) => outcome.result === "failed");
  return code === EXIT.trusted && isUnknown ? EXIT.inconclusive : code;
}
