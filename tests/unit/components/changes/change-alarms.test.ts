import assert from "node:assert/strict";
import { changeAlarmRules } from "../../../../components/changes/change-alarm-rules";
import { ChangeAlarms, type ChangeAlarmsArgs } from "../../../../components/changes/change-alarms";
import { changeMessage } from "../../../../components/changes/change-message";
import { CHANGE_KINDS, changePattern } from "../../../../components/changes/change-patterns";
import { metricAlarmArgs } from "../../../../components/metric-alarm";
import { WATCHED } from "../../../support/api-calls";
import { ACCOUNT, REGION } from "../mock-state";
import { children, named, runProgram } from "../run-program";

const { functions, mappings, rules, roles, policies, queues } = WATCHED;
const ARGS: ChangeAlarmsArgs = {
  environment: "prod",
  deploymentRole: WATCHED.deploymentRole,
  signingRoles: WATCHED.signingRoles,
  signingProfileArn: `arn:aws:signer:${REGION}:${ACCOUNT}:/signing-profiles/release`,
  watched: { functions, mappings, rules, roles, policies, queues },
  keyArn: WATCHED.keyArn,
  keyAlias: WATCHED.keyAlias,
  tableArns: WATCHED.tableArns,
  topicArn: "arn:topic",
};

const run = (changes: Partial<ChangeAlarmsArgs> = {}) =>
  runProgram(() => ({ arns: new ChangeAlarms("changes", { ...ARGS, ...changes }).alarmArns }));

const ruleName = (kind: string) => `ecs-image-verification-changes-${kind}-prod`;

describe("ChangeAlarms", () => {
  it("makes for each kind a rule, a message to the topic, and an alarm that rings when the rule has matched", async () => {
    const runbook = (kind: string) => `docs/runbook.md#change-alarm-${kind}`;

    const result = await run();

    const alarms = changeAlarmRules(Object.fromEntries(CHANGE_KINDS.map((kind) => [kind, ruleName(kind)])));
    assert.deepEqual(children(result), [
      ...CHANGE_KINDS.toSorted().map((kind) => [
        `changes-alarm-${kind}`,
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        metricAlarmArgs(alarms.find(({ alarm }) => alarm === kind) ?? assert.fail(kind), "arn:topic", runbook(kind)),
      ]),
      [
        "changes-policy",
        "aws:iam/rolePolicy:RolePolicy",
        {
          role: "changes-role",
          policy: {
            Version: "2012-10-17",
            Statement: [{ Sid: "Publish", Effect: "Allow", Action: ["sns:Publish"], Resource: ["arn:topic"] }],
          },
        },
      ],
      [
        "changes-role",
        "aws:iam/role:Role",
        {
          assumeRolePolicy: {
            Version: "2012-10-17",
            Statement: [
              {
                Sid: "AssumeRole",
                Effect: "Allow",
                Principal: { Service: "events.amazonaws.com" },
                Action: ["sts:AssumeRole"],
              },
            ],
          },
        },
      ],
      ...CHANGE_KINDS.toSorted().map((kind) => [
        `changes-rule-${kind}`,
        "aws:cloudwatch/eventRule:EventRule",
        {
          name: ruleName(kind),
          description: `Changes that no deployment of the image verification made: ${kind}`,
          eventPattern: JSON.parse(changePattern(kind, { ...WATCHED, roles: [...WATCHED.roles, "changes-role"] })),
        },
      ]),
      ...CHANGE_KINDS.toSorted().map((kind) => [
        `changes-target-${kind}`,
        "aws:cloudwatch/eventTarget:EventTarget",
        {
          rule: ruleName(kind),
          arn: "arn:topic",
          roleArn: "arn:aws:iam::111122223333:role/changes-role",
          inputTransformer: shown(changeMessage(kind, "prod", runbook(kind))),
        },
      ]),
    ]);
  });

  for (const signingRoles of [undefined, []]) {
    it(`watches no signing jobs unless it is told who may sign: ${JSON.stringify(signingRoles)}`, async () => {
      const { resources } = await run({ signingRoles });

      assert.deepEqual(
        resources.filter(({ name }) => name.endsWith("-signing")),
        [],
      );
    });
  }

  it("uses no wildcards, of which EventBridge takes a few and does not say how many", () => {
    assert.doesNotMatch(CHANGE_KINDS.map((kind) => changePattern(kind, WATCHED)).join("\n"), /wildcard/);
  });

  it("refuses to watch signing jobs of a profile of another account or region, whose calls do not come here", async () => {
    for (const place of [`us-east-1:${ACCOUNT}`, `${REGION}:444455556666`]) {
      const signingProfileArn = `arn:aws:signer:${place}:/signing-profiles/release`;
      await assert.rejects(run({ signingProfileArn }), /The signing profile is of another account or region/);
    }
  });

  it("leaves the profile out where it is elsewhere", async () => {
    const signingProfileArn = `arn:aws:signer:${REGION}:444455556666:/signing-profiles/release`;

    const result = await run({ signingRoles: undefined, signingProfileArn });

    assert.doesNotMatch(String(named(result, "changes-rule-data").inputs.eventPattern), /profileName/);
  });

  it("refuses names that make a longer pattern than EventBridge takes", async () => {
    const many = Array.from({ length: 40 }, (_, index) => `${"f".repeat(60)}-${index}`);

    await assert.rejects(run({ watched: { ...ARGS.watched, functions: many } }), (error: Error) => {
      assert.match(error.message, /functions make an event pattern of \d+ characters; EventBridge allows 2048/);
      return true;
    });
  });
});

/** The template of a message is JSON itself, which the helper reads. */
function shown({ inputPaths, inputTemplate }: ReturnType<typeof changeMessage>) {
  return { inputPaths, inputTemplate };
}
