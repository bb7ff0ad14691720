import { setTimeout as sleep } from "node:timers/promises";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { followVerdicts, type VerdictSource } from "../../automation/operations/verdict-log";
import type { ReadRecord } from "../../automation/operations/verdict-record";
import { deployedEnvironment } from "../environments/deployed";
import type { DeployedOptions } from "../environments/deployed-options";
import { askAws } from "../lib/aws-errors";
import { leftOutText } from "../lib/table";
import { summarize, type VerdictLines, verdictLines, verdictRecordJson } from "./verdict-lines";
import { type FilterOptions, toFilter } from "./verdict-options";

/** The options of `verdicts`. */
export interface VerdictsOptions extends DeployedOptions, FilterOptions {
  readonly since?: Date;
  readonly follow?: true;
  readonly limit?: number;
  readonly json?: true;
}

const DEFAULT_SINCE_MS = 15 * 60_000;
const POLL_MS = 2000;

/** Prints the verdicts in the log and, with `--follow`, new ones. */
export async function verdicts(options: VerdictsOptions): Promise<void> {
  const outputs = await deployedEnvironment(options);
  const source = verdictSource(outputs, options);
  const following = { pause: () => sleep(POLL_MS), now: Date.now };
  const looks = followVerdicts(source.log, following);
  const there = await look(outputs, looks);
  const shown = options.limit === undefined ? there : there.slice(-options.limit);
  const lines = verdictLines(shown);
  source.report();
  if (shown.length === 0) say(nothingFound(outputs, source.log.since, options));
  print(shown, options.json === true, lines, shown.length > 0 || options.follow === true);
  if (options.follow !== true) {
    if (options.json !== true && shown.length > 0) {
      const left = there.length - shown.length;
      process.stdout.write(`${summarize(shown)}${left === 0 ? "" : ` ${left} older left out by --limit.`}\n`);
    }
    return;
  }
  for (;;) {
    print(await look(outputs, looks), options.json === true, lines, false);
    source.report();
  }
}

/** The environment's log, and the number of its lines that cannot be read. */
function verdictSource({ region, logGroup }: EnvironmentOutputs, options: VerdictsOptions) {
  const reasons: string[] = [];
  const log: VerdictSource = {
    client: new CloudWatchLogsClient({ region, maxAttempts: 5 }),
    logGroup,
    since: options.since ?? new Date(Date.now() - DEFAULT_SINCE_MS),
    filter: toFilter(options),
    onUnreadable: (why) => reasons.push(why),
  };
  const report = () => {
    const [first] = reasons;
    if (first === undefined) return;
    const count = reasons.length === 1 ? "1 verdict" : `${reasons.length} verdicts`;
    say(`${count} of the log cannot be read by this version and left out: ${first}.`);
    reasons.length = 0;
  };
  return { log, report };
}

async function look(
  { logGroup }: EnvironmentOutputs,
  looks: AsyncGenerator<readonly ReadRecord[]>,
): Promise<readonly ReadRecord[]> {
  const question = { asking: "Reading the log group", of: logGroup, action: "logs:FilterLogEvents on it" };
  const { value } = await askAws(question, () => looks.next());
  return value ?? [];
}

function print(records: readonly ReadRecord[], json: boolean, lines: VerdictLines, withHead: boolean): void {
  if (withHead && !json) {
    const { head, leftOut } = lines;
    process.stdout.write(leftOut.length === 0 ? `${head}\n` : `${leftOutText(leftOut)}\n${head}\n`);
  }
  for (const record of records) process.stdout.write(`${json ? verdictRecordJson(record) : lines.line(record)}\n`);
}

function nothingFound({ logGroup }: EnvironmentOutputs, since: Date, options: VerdictsOptions): string {
  const filtered = Object.keys(toFilter(options)).length > 0;
  return [
    `No ${filtered ? "such verdict" : "verdict"} in ${logGroup} since ${since.toISOString()}.`,
    ...(options.follow === true
      ? ["Waiting for the next."]
      : [
          `Look further back with --since${filtered ? ", or with fewer filters" : ""}. If a task was started in that time: is its cluster watched, and`,
          "is anything in the queues? `redrive --dry-run` shows that.",
        ]),
  ].join("\n");
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
