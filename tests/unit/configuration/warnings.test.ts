import assert from "node:assert/strict";
import { formatProblem } from "../../../configuration/problem";
import { configurationWarnings } from "../../../configuration/warnings";
import { ACCOUNT, read } from "./support";

const CHATS = [
  { secret: "slackWebhookUrl", value: "https://hooks.slack.example/very-secret", chat: "slack" },
  { secret: "pagerDutyRoutingKey", value: "0123456789abcdef0123456789abcdef", chat: "pagerDuty" },
];

describe("the warnings of a configuration", () => {
  const warningsOf = (changes: Readonly<Record<string, unknown>>) =>
    configurationWarnings(read(changes, { secretKeys: new Set(CHATS.map(({ secret }) => secret)) }), {}).map(
      formatProblem,
    );

  for (const { secret, value, chat } of CHATS) {
    it(`name ${secret} where notifications.${chat} is missing, with what to do, and do not show it`, () => {
      const warnings = warningsOf({ [secret]: value });

      assert.equal(warnings.length, 1);
      assert.match(warnings[0] ?? "", new RegExp(`:${secret}: it is not used: without notifications.${chat}, `));
      assert.match(warnings[0] ?? "", new RegExp(`config set --path 'notifications.${chat}.statuses\\[0\\]' denied`));
      assert.doesNotMatch(warnings[0] ?? "", new RegExp(value));
    });

    it(`are none where ${chat} has both`, () => {
      assert.deepEqual(warningsOf({ [secret]: value, notifications: { [chat]: {} } }), []);
    });
  }

  describe("of a deployed stack without aws:allowedAccountIds", () => {
    const last = { account: ACCOUNT };
    const of = (allowedAccounts: readonly string[] | undefined, deployed: { account?: string }) =>
      configurationWarnings(read({}, { allowedAccounts }), deployed).map(formatProblem);

    it("give the command that sets it", () => {
      const [warning = "", ...more] = of([], last);

      assert.deepEqual(more, []);
      assert.match(warning, /^aws:allowedAccountIds: it is missing: /);
      assert.ok(
        warning.includes(`pulumi config set --stack dev --type string --path 'aws:allowedAccountIds[0]' ${ACCOUNT}`),
        warning,
      );
    });

    it("are none once it is set, before the first deployment, and where no file belongs to the stack", () => {
      assert.deepEqual([...of([ACCOUNT], last), ...of([], {}), ...of(undefined, last)], []);
    });
  });

  describe("of a stack whose environment was deployed under another name", () => {
    const of = (environment: string | undefined) =>
      configurationWarnings(read({ environment: "prod" }), { environment }).map(formatProblem);

    it("say that orders, blocks among them, no longer count, and what to do", () => {
      const [warning = "", ...more] = of("staging");

      assert.deepEqual(more, []);
      assert.match(warning, /:environment: "prod" is not the name of the last deployment, which is staging: /);
      assert.match(warning, /blocks among them, no longer count/);
      assert.match(warning, /set environment to staging/);
    });

    it("are none for the same name and before the first deployment", () => {
      assert.deepEqual([...of("prod"), ...of(undefined)], []);
    });
  });

  it("are none without chats", () => {
    assert.deepEqual(warningsOf({}), []);
  });
});
