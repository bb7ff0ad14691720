import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type AlarmFacts, alarmRules } from "../../../components/alarm-rules";
import { canaryAlarmRules } from "../../../components/canary/canary-alarm-rules";
import { changeAlarmRules } from "../../../components/changes/change-alarm-rules";
import { CHANGE_KINDS } from "../../../components/changes/change-patterns";
import { gateAlarmRules } from "../../../components/gate/gate-alarm-rules";
import { metricAlarmArgs } from "../../../components/metric-alarm";
import { sweepAlarmRules } from "../../../components/sweep/sweep-alarm-rules";
import {
  RUNBOOK,
  runbookOfAlarm,
  runbookOfCanaryAlarm,
  runbookOfChangeAlarm,
  runbookOfCode,
  runbookOfGateAlarm,
  runbookOfSweepAlarm,
} from "../../../verifier/src/reporting/runbook";
import { REASON_CODES } from "../../../verifier/src/verification/verdict";

const checkout = join(__dirname, "../../..");
const text = readFileSync(join(checkout, RUNBOOK), "utf8");
const commandLine = readFileSync(join(checkout, "docs/cli.md"), "utf8");

/** The sections, by their anchor as GitHub makes it. */
const sections = text
  .split(/^##+ /m)
  .slice(1)
  .map((section) => {
    const [heading = "", ...lines] = section.split("\n");
    return { anchor: heading.toLowerCase().replaceAll(" ", "-"), body: lines.join("\n") };
  });

const queue = { queueName: "q", meaning: "A meaning." };
const facts: Required<AlarmFacts> = {
  environment: "prod",
  functionName: "verifier",
  queues: { failure: queue, "dead-letter": queue, undelivered: queue },
  findings: true,
};
const rules = alarmRules(facts).map((rule) => ({ rule, runbook: runbookOfAlarm(rule.alarm) }));
const gateRules = gateAlarmRules({ environment: "prod", functionName: "gate", keeperFunctionName: "keeper" }).map(
  (rule) => ({ rule, runbook: runbookOfGateAlarm(rule.alarm) }),
);
const sweepRules = sweepAlarmRules({
  environment: "prod",
  everyHours: 24,
  functionName: "sweep",
  workerFunctionName: "worker",
  deadLetterQueueName: "q",
}).map((rule) => ({ rule, runbook: runbookOfSweepAlarm(rule.alarm) }));

const changeRules = changeAlarmRules(Object.fromEntries(CHANGE_KINDS.map((kind) => [kind, kind]))).map((rule) => ({
  rule,
  runbook: runbookOfChangeAlarm(rule.alarm),
}));
const canaryRules = canaryAlarmRules({ environment: "prod", everyHours: 6 }).map((rule) => ({
  rule,
  runbook: runbookOfCanaryAlarm(rule.alarm),
}));
const everyRule = [...rules, ...gateRules, ...sweepRules, ...canaryRules, ...changeRules];

/** Chapters, which stand for no alarm and no code. */
const CHAPTERS = [
  "first-look",
  "alarms-of-the-launch-detector",
  "alarms-of-the-deployment-gate",
  "alarms-of-the-sweep",
  "alarms-of-the-canary",
  "alarms-on-changes",
  "reason-codes",
  "trusted",
  "denied",
  "inconclusive",
  "exempt",
];

/** The sections that the program's sources name: by a link, or by the alarm's name. */
function namedInSources(): readonly string[] {
  const files = ["verifier/src", "components", "cli"].flatMap((folder) =>
    readdirSync(join(checkout, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(checkout, folder, name), "utf8")),
  );
  return files.flatMap((source) => [
    ...[...source.matchAll(/docs\/runbook\.md#([a-z-]+)/g)].map(([, anchor = ""]) => anchor),
    ...[...source.matchAll(/runbookOfAlarm\("([a-z-]+)"/g)].map(([, alarm = ""]) => `alarm-${alarm}`),
    ...[...source.matchAll(/runbookOfSweepAlarm\("([a-z-]+)"/g)].map(([, alarm = ""]) => `sweep-alarm-${alarm}`),
    ...[...source.matchAll(/runbookOfGateAlarm\("([a-z-]+)"/g)].map(([, alarm = ""]) => `gate-alarm-${alarm}`),
  ]);
}

/** The commands of this program in the page: the words after its name, up to the end of the code. */
const commands = [...text.matchAll(/(?:^|`)ecs-image-verification ([^`\n]+)/gm)].map(([, words = ""]) => words);

/** The sections of docs/cli.md, by the command that each is about. */
const documented = new Map(
  commandLine
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.split("\n", 1)[0] ?? "", section] as const),
);

/** The longest command of docs/cli.md that these words begin with. A group with a default command stands for it. */
function sectionOf(words: string): string | undefined {
  const [name] = [...documented.keys()]
    .filter((one) => words === one || words.startsWith(`${one} `))
    .sort((one, other) => other.length - one.length);
  return name === undefined ? undefined : `${documented.get(name)}${documented.get(`${name} add`) ?? ""}`;
}

describe(RUNBOOK, () => {
  it("has exactly one section for each alarm and each reason code, and none without one", () => {
    const wanted = [
      ...everyRule.map(({ runbook }) => runbook),
      ...REASON_CODES.map((code) => runbookOfCode(code)),
      ...CHAPTERS.map((chapter) => `${RUNBOOK}#${chapter}`),
    ];

    assert.deepEqual(sections.map(({ anchor }) => `${RUNBOOK}#${anchor}`).sort(), wanted.sort());
  });

  it("says in each what it means, what to look at, what to do, and when to wake somebody", () => {
    for (const { anchor, body } of sections) {
      if (CHAPTERS.includes(anchor)) continue;
      const labels = [...body.matchAll(/^\* \*\*(\w+):\*\*\s+\S/gm)].map(([, label]) => label);
      assert.deepEqual(labels, ["Means", "Look", "Do", "Wake"], anchor);
    }
  });

  it("is linked from the description of each alarm, within CloudWatch's 1024 characters", () => {
    for (const { rule, runbook } of everyRule) {
      const { alarmDescription } = metricAlarmArgs<string>(rule, "arn:topic", runbook);
      assert.match(String(alarmDescription), new RegExp(`\\. Runbook: ${runbook}$`), rule.alarm);
      assert.ok(String(alarmDescription).length <= 1024, rule.alarm);
    }
  });

  it("has the sections that messages name", () => {
    const anchors = sections.map(({ anchor }) => anchor);
    const named = namedInSources();

    assert.ok(named.includes("gate-alarm-removed") && named.includes("alarm-order-refused"));
    for (const anchor of named) assert.ok(anchors.includes(anchor), anchor);
  });

  it("calls this program by its name, as an installed package has it, and not by its place in a clone", () => {
    assert.doesNotMatch(text, /bin\/ecs-image-verification/);
  });

  it("names only commands and options of this program that docs/cli.md has", () => {
    assert.ok(commands.length > 40);
    for (const words of commands) {
      const section = sectionOf(words);
      assert.ok(section, `no such command: ${words}`);
      for (const [option] of words.matchAll(/--[a-z-]+/g)) {
        assert.ok(section.includes(`\`${option} `) || section.includes(`\`${option}\``), `no ${option} in: ${words}`);
      }
    }
  });
});
