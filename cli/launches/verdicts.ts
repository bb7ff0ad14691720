import { setTimeout as sleep } from "node:timers/promises";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { Command, InvalidArgumentError } from "commander";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { followVerdicts, type VerdictSource } from "../../automation/operations/verdict-log";
import type { ReadRecord } from "../../automation/operations/verdict-record";
import { type DeployedOptions, deployedEnvironment, withDeployedOptions } from "../environments/deployed";
import { askAws } from "../lib/aws-errors";
import { type Help, withHelp } from "../lib/help";
import { parseSince } from "./since";
import { summaryOf, type VerdictLines, verdictLines, verdictRecordJson } from "./verdict-lines";
import { type FilterOptions, filterOf, withFilterOptions } from "./verdict-options";

interface VerdictsOptions extends DeployedOptions, FilterOptions {
  readonly since?: Date;
  readonly follow?: true;
  readonly limit?: number;
  readonly json?: true;
}

const DEFAULT_SINCE_MS = 15 * 60_000;
const POLL_MS = 2000;

const HELP: Help = {
  notes: `One line for each verdict on a container's image, oldest first. FINAL says whether it is a result: one that is
not yet final is judged again, and a later line has the result. docs/verdicts.md explains the codes, docs/events.md the
fields of --json. It needs logs:FilterLogEvents on the environment's log group.`,
  examples: [
    "ecs-image-verification verdicts --stack prod --since 2h --status denied,inconclusive",
    "ecs-image-verification verdicts --stack prod --follow --cluster orders",
    "ecs-image-verification verdicts --outputs outputs.json --since 2026-06-15T12:00:00Z --json",
    "ecs-image-verification verdicts --stack dev --task 4cf3f47c77c414b6a44fbc0445d97f3c",
  ],
  exitCodes: [
    "0 the log was read, whatever the verdicts are",
    "2 the log could not be read",
    "64 the call or the outputs cannot be used",
    "130 ended by Ctrl-C, as --follow always is",
  ],
};

/** `verdicts`: what the verifier found, from its log. */
export function verdictsCommand(): Command {
  const command = withDeployedOptions(new Command("verdicts"))
    .description("Show the verdicts on the images that ECS has launched.")
    .option("--since <time>", "how far back: 90s, 30m, 2h, 7d, or a time of ISO 8601 (default: 15m)", (text) =>
      parseSince(text),
    )
    .option("--follow", "go on with those that come, until Ctrl-C");
  return withHelp(
    withFilterOptions(command)
      .option("--limit <number>", "only the newest so many of those that are there", parseLimit)
      .option("--json", "print one JSON record a line")
      .action(verdicts),
    HELP,
  );
}

async function verdicts(options: VerdictsOptions): Promise<void> {
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
      process.stdout.write(`${summaryOf(shown)}${left === 0 ? "" : ` ${left} older left out by --limit.`}\n`);
    }
    return;
  }
  for (;;) {
    print(await look(outputs, looks), options.json === true, lines, false);
    source.report();
  }
}

/** The environment's log, and a count of the lines in it that cannot be read. */
function verdictSource({ region, logGroup }: EnvironmentOutputs, options: VerdictsOptions) {
  const reasons: string[] = [];
  const log: VerdictSource = {
    client: new CloudWatchLogsClient({ region, maxAttempts: 5 }),
    logGroup,
    since: options.since ?? new Date(Date.now() - DEFAULT_SINCE_MS),
    filter: filterOf(options),
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
  if (withHead && !json) process.stdout.write(`${lines.head}\n`);
  for (const record of records) process.stdout.write(`${json ? verdictRecordJson(record) : lines.line(record)}\n`);
}

function nothingFound({ logGroup }: EnvironmentOutputs, since: Date, options: VerdictsOptions): string {
  const filtered = Object.keys(filterOf(options)).length > 0;
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

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new InvalidArgumentError("It must be a whole number, at least 1.");
  return limit;
}
