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

/**
 * What is written in the stack's file, and what the one error says of it. Keys are those of `ecs-image-verification:`. Each
 * mistake by itself, with its whole text: tests/unit/configuration/mistakes.test.ts.
 */
const mistakes: readonly (readonly [name: string, settings: Configuration, problems: readonly RegExp[]])[] = [
  [
    "what is required, and values that are none",
    {
      mode: undefined,
      trust: undefined,
      verdictTtlSeconds: "long",
      logs: { retentionDays: 8 },
      notifications: { email: [{ address: "platform" }] },
    },
    [
      /:mode: .*is required/,
      /:trust: .*is required/,
      /:verdictTtlSeconds: "long" /,
      /:logs\.retentionDays: 8 /,
      /:notifications\.email\[0\]\.address: "platform" /,
    ],
  ],
  [
    "words and keys that there are not",
    { mode: "block", trust: "self", verdictTtlSecond: 300 },
    [
      /:mode: "block" .*\n?.*audit.*enforce/,
      /:trust: "self" must be a mapping/,
      /verdictTtlSecond.*[\s\S]*verdictTtlSeconds/,
    ],
  ],
  [
    "a trust document that trusts nobody, and no registry",
    trustOf({ identities: [] }, { registries: [] }),
    [/:trust\.statements\[0\]\.identities: /, /:trust\.registries: /],
  ],
  [
    "identities that are none, a wildcard inside a repository, an exemption that has expired",
    trustOf(
      {
        identities: ["*", "arn:aws:signer:eu-west-1:444455556666:/signing-profile/release", "stack:a/b"],
        repositories: ["111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/*"],
      },
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
    [
      /:trust\.statements\[0\]\.identities\[0\]: "\*" /,
      /:trust\.statements\[0\]\.identities\[1\]: .*[\s\S]*\/signing-profiles\//,
      /:trust\.statements\[0\]\.identities\[2\]: "stack:a\/b"/,
      /:trust\.statements\[0\]\.repositories\[0\]: /,
      /:trust\.exemptions\[0\]\.expires: .*2020-01-31/,
    ],
  ],
  [
    "an identity of another partition",
    trustOf({ identities: ["arn:aws-cn:signer:cn-north-1:444455556666:/signing-profiles/release"] }),
    [/:trust\.statements\[0\]\.identities\[0\]: .*[\s\S]*partition/],
  ],
  [
    "a cluster twice, and a secret in plain text",
    { clusters: [`${cluster}web`, `${cluster}web`], pagerDutyRoutingKey: "0123456789abcdef0123456789abcdef" },
    [/:clusters\[1\]: .* repeats a cluster/, /:pagerDutyRoutingKey: .*is not encrypted/],
  ],
  [
    "what does not go together: a chat without its secret, no time to verify, a cluster and a profile of others",
    {
      notifications: { slack: {} },
      verifier: { timeoutSeconds: 10 },
      clusters: [`${cluster.replace("1111", "9999")}web`],
      signingProfile: {
        arn: "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release",
        signers: [{ account: "555566667777" }],
      },
    },
    [
      /:slackWebhookUrl: .*is required by notifications\.slack/,
      /:verifier\.timeoutSeconds: 10 /,
      /:clusters\[0\]: /,
      /:signingProfile\.signers: /,
    ],
  ],
  [
    "more clusters than EventBridge allows",
    { clusters: Array.from({ length: 60 }, (_, index) => `${cluster}web-${index}`) },
    [/:clusters: .*EventBridge allows/],
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

  for (const [name, settings, problems] of mistakes) {
    it(name, async () => {
      const run = await preview(settings);

      for (const problem of problems) expectOneError(run, problem);
      const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
      assert.match(run.errors.join(), new RegExp(`The configuration of the stack bad has ${count}\\.`));
    });
  }

  it("a region that there is not", async () => {
    expectOneError(await preview({}, "eu-west"), /aws:region: "eu-west" is not an AWS region/);
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
