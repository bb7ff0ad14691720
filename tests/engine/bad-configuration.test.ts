import assert from "node:assert/strict";
import { withoutUndefined } from "../../trust/text/without-undefined";
import type { EngineRun } from "./support/engine";
import { program } from "./support/program";
import type { Configuration } from "./support/project";
import { useScene } from "./support/scene";

const trustOf = (statement: Configuration, more: Configuration = {}): Configuration => ({
  trust: {
    registries: ["self"],
    statements: [{ name: "release", repositories: ["*"], identities: ["self"], ...statement }],
    ...more,
  },
});
const cluster = "arn:aws:ecs:eu-west-1:111122223333:cluster/";

/** What is written in the stack's file, and what the one error says. Keys are those of `ecs-image-verification:`. */
const mistakes: readonly (readonly [name: string, settings: Configuration, error: RegExp])[] = [
  ["no mode", { mode: undefined }, /:mode: .*is required/],
  ["a mode that there is not", { mode: "block" }, /:mode: "block" .*\n?.*audit.*enforce/],
  ["no trust document", { trust: undefined }, /:trust: .*is required/],
  ["a trust document that is no mapping", { trust: "self" }, /:trust: "self" must be a mapping/],
  ["no identities", trustOf({ identities: [] }), /:trust\.statements\[0\]\.identities: /],
  ["everyone trusted", trustOf({ identities: ["*"] }), /:trust\.statements\[0\]\.identities\[0\]: "\*" /],
  [
    "a misspelt identity",
    trustOf({ identities: ["arn:aws:signer:eu-west-1:444455556666:/signing-profile/release"] }),
    /:trust\.statements\[0\]\.identities\[0\]: .*[\s\S]*\/signing-profiles\//,
  ],
  [
    "an identity of another partition",
    trustOf({ identities: ["arn:aws-cn:signer:cn-north-1:444455556666:/signing-profiles/release"] }),
    /:trust\.statements\[0\]\.identities\[0\]: .*[\s\S]*partition/,
  ],
  [
    "a wildcard inside a repository",
    trustOf({ repositories: ["111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/*"] }),
    /:trust\.statements\[0\]\.repositories\[0\]: /,
  ],
  ["no registry", trustOf({}, { registries: [] }), /:trust\.registries: /],
  [
    "an exemption that has expired",
    trustOf(
      {},
      {
        exemptions: [
          {
            image: `public.ecr.aws/aws-observability/aws-for-fluent-bit@sha256:${"0".repeat(64)}`,
            owner: "platform-team",
            reason: "vendor image",
            expires: "2020-01-31",
          },
        ],
      },
    ),
    /:trust\.exemptions\[0\]\.expires: .*2020-01-31/,
  ],
  [
    "a misspelt stack as identity",
    trustOf({ identities: ["stack:a/b"] }),
    /:trust\.statements\[0\]\.identities\[0\]: "stack:a\/b"/,
  ],
  ["an unknown key", { verdictTtlSecond: 300 }, /verdictTtlSecond.*[\s\S]*verdictTtlSeconds/],
  ["a word for a number", { verdictTtlSeconds: "long" }, /:verdictTtlSeconds: "long" /],
  ["a retention that CloudWatch does not have", { logs: { retentionDays: 8 } }, /:logs\.retentionDays: 8 /],
  [
    "Slack without its address",
    { notifications: { slack: {} } },
    /:slackWebhookUrl: .*is required by notifications\.slack/,
  ],
  [
    "a key in plain text",
    { pagerDutyRoutingKey: "0123456789abcdef0123456789abcdef" },
    /:pagerDutyRoutingKey: .*is not encrypted/,
  ],
  ["a cluster of another account", { clusters: [`${cluster.replace("1111", "9999")}web`] }, /:clusters\[0\]: /],
  ["a cluster twice", { clusters: [`${cluster}web`, `${cluster}web`] }, /:clusters.*: /],
  [
    "more clusters than EventBridge takes",
    { clusters: Array.from({ length: 60 }, (_, index) => `${cluster}web-${index}`) },
    /:clusters: .*EventBridge takes/,
  ],
  ["no time to verify", { verifier: { timeoutSeconds: 10 } }, /:verifier\.timeoutSeconds: 10 /],
  [
    "permission on another's profile",
    {
      signingProfile: {
        arn: "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release",
        signers: [{ account: "555566667777" }],
      },
    },
    /:signingProfile\.signers: /,
  ],
  [
    "an address that is none",
    { notifications: { email: [{ address: "platform" }] } },
    /:notifications\.email\[0\]\.address: "platform" /,
  ],
];

describe("engine: a configuration that cannot be used", function () {
  this.timeout(60_000);
  const scene = useScene(program);
  const preview = async (settings: Configuration, region: string | undefined = "eu-west-1") => {
    await scene().project.configure("bad", () => ({
      ...withoutUndefined({ "aws:region": region }),
      ...Object.fromEntries(
        Object.entries({ mode: "audit", ...trustOf({}), ...settings })
          .filter(([, value]) => value !== undefined)
          .map(([key, value]) => [`ecs-image-verification:${key}`, value]),
      ),
    }));
    return scene().run("preview", "bad");
  };
  const made = ({ steps }: EngineRun) => steps.filter(({ type }) => !type.startsWith("pulumi:"));
  const expectOneError = (run: EngineRun, error: RegExp) => {
    assert.notEqual(run.code, 0);
    assert.equal(run.errors.length, 1, run.errors.join("\n---\n"));
    assert.match(run.errors.join(), error);
    assert.doesNotMatch(run.errors.join(), /\n {4}at /, "a stack trace helps nobody with a configuration");
    assert.deepEqual(made(run), []);
  };

  it("(the configuration without the mistakes can be used)", async () => {
    const run = await preview({});

    assert.deepEqual([run.code, run.errors], [0, []]);
  });

  for (const [name, settings, error] of mistakes) {
    it(name, async () => {
      const run = await preview(settings);

      expectOneError(run, error);
      assert.match(run.errors.join(), /The configuration of the stack bad has one problem\./);
    });
  }

  it("a region that there is not", async () => {
    expectOneError(await preview({}, "eu-west"), /aws:region: "eu-west" is not an AWS region/);
  });

  it("several mistakes are told at once", async () => {
    const run = await preview({ mode: "block", giveUpAfterSeconds: -1, logs: { retentionDays: 8 } });

    expectOneError(run, /has 3 problems\.[\s\S]*:mode: [\s\S]*:giveUpAfterSeconds: [\s\S]*:logs\.retentionDays: /);
  });

  it("another stack that is not there", async () => {
    const run = await preview(trustOf({ identities: ["stack:signing"] }));

    assert.notEqual(run.code, 0);
    assert.match(run.errors.join(), /unknown stack "organization\/ecs-image-verification\/signing"/);
    assert.deepEqual(made(run), []);
  });

  it("a secret that is wrong is not shown", async () => {
    const wrong = "not-an-address-but-a-secret";
    await preview({});
    await scene().pulumi("config", "set", "--secret", "slackWebhookUrl", wrong, "--stack", "bad");

    const run = await scene().run("preview", "bad");

    assert.notEqual(run.code, 0);
    assert.doesNotMatch(run.stdout + run.stderr + run.errors.join(), /not-an-address-but-a-secret/);
  });
});
