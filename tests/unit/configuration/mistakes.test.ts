import { areTold, type Mistake } from "./mistake";
import { LEAST } from "./support";

const statement = (changes: object) => ({
  trust: {
    registries: ["self"],
    statements: [{ name: "release", repositories: ["*"], identities: ["self"], ...changes }],
  },
});
const cluster = (name: string, place = "eu-west-1:111122223333") => `arn:aws:ecs:${place}:cluster/${name}`;
const REPOSITORY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/verifier";
const DIGEST = `sha256:${"d".repeat(64)}`;
const secret = (key: string) => ({ secretKeys: new Set([key]) });

const MISTAKES: readonly Mistake[] = [
  { title: "no region", more: { region: undefined }, expected: [["aws:region", /is required.*\n.*eu-west-1/]] },
  {
    title: "a region that is none",
    more: { region: "Ireland" },
    expected: [["aws:region", /"Ireland" is not an AWS region/]],
  },
  {
    title: "a region without image signing",
    more: { region: "cn-north-1" },
    expected: [["aws:region", /cannot be used[\s\S]*aws or aws-us-gov/]],
  },
  ...["http://wiki.example.com/runbook", "https://wiki.example.com/runbook#top", 'https://wiki.example.com/"'].map(
    (runbookUrl): Mistake => ({
      title: `the runbook ${runbookUrl}`,
      changes: { runbookUrl },
      expected: [["runbookUrl", /must be the address of a page, starting with https:\/\/, without an anchor/]],
    }),
  ),
  { title: "no mode", changes: { mode: undefined }, expected: [["mode", /is required/]] },
  {
    title: "a mode that is none",
    changes: { mode: "block" },
    expected: [["mode", /"block" must be "audit" or "enforce"/]],
  },
  { title: "no trust document", changes: { trust: undefined }, expected: [["trust", /is required/]] },
  {
    title: "a trust document that is text",
    changes: { trust: "self" },
    expected: [["trust", /must be a mapping[\s\S]*pulumi config set --path/]],
  },
  {
    title: "a key with a typing error",
    changes: { verdictTtlSecond: 60 },
    expected: [["verdictTtlSecond", /is not a key[\s\S]*Write verdictTtlSeconds\./]],
  },
  {
    title: "a key with a typing error inside a mapping",
    changes: { verifier: { memory: 512 } },
    expected: [["verifier.memory", /is not a key[\s\S]*Write memoryMiB\./]],
  },
  {
    title: "a chat at the top, and not under notifications",
    changes: { slack: { statuses: ["denied"] } },
    expected: [
      [
        "slack",
        /is not a key[\s\S]*belongs under notifications\.[\s\S]*write:\n {4}ecs-image-verification:notifications:\n {6}slack: \.\.\.$/,
      ],
    ],
  },
  {
    title: "a setting of a chat at the top",
    changes: { severity: "critical" },
    expected: [
      [
        "severity",
        /belongs under notifications\.pagerDuty\.[\s\S]*notifications:\n {6}pagerDuty:\n {8}severity: \.\.\.$/,
      ],
    ],
  },
  ...["slackWebhookUrl", "webhookUrl"].map(
    (key): Mistake => ({
      title: `a webhook under notifications.slack, as ${key}, which is not printed`,
      changes: { notifications: { slack: { [key]: "https://hooks.slack.example/very-secret" } } },
      expected: [
        [
          `notifications.slack.${key}`,
          /^(?![\s\S]*very-secret)[\s\S]*slackWebhookUrl belongs at the top\.[\s\S]*config set --secret slackWebhookUrl$/,
        ],
      ],
    }),
  ),
  {
    title: "a key that belongs at the top, inside a mapping",
    changes: { verifier: { stopBudget: 20 } },
    expected: [["verifier.stopBudget", /belongs at the top: write ecs-image-verification:stopBudget\./]],
  },
  {
    title: "a path that was set without --path",
    changes: { "notifications.slack.statuses[0]": "denied" },
    expected: [
      [
        '["notifications.slack.statuses[0]"]',
        /belongs under notifications\.slack\. Set it with pulumi config set --path, or write:\n[\s\S]*\n {8}statuses: \.\.\.$/,
      ],
    ],
  },
  {
    title: "a key of several places, in none of them",
    changes: { statuses: ["denied"] },
    expected: [["statuses", /is not a key[\s\S]*Fix: Remove it\.$/]],
  },
  {
    title: "a number out of its range",
    changes: { giveUpAfterSeconds: 600 },
    expected: [["giveUpAfterSeconds", /600 must be a whole number from 0 to 180, in seconds/]],
  },
  {
    title: "a word for a number",
    changes: { stopBudget: "many" },
    expected: [["stopBudget", /"many" must be a whole number from 0 to 10000/]],
  },
  {
    title: "a word for true or false",
    changes: { protect: "yes" },
    expected: [["protect", /"yes" must be true or false/]],
  },
  ...[true, "no"].map(
    (breakGlass): Mistake => ({
      title: `break-glass exemptions as ${JSON.stringify(breakGlass)}`,
      changes: { breakGlass },
      expected: [
        [
          "breakGlass",
          /must be false, or a mapping\.\n {2}Allowed: false, or .*maxHours \(1 to 72, in hours; .*\n {2}Fix: Write false/,
        ],
      ],
    }),
  ),
  ...[0, 73].map(
    (maxHours): Mistake => ({
      title: `break-glass exemptions for ${maxHours} hours`,
      changes: { breakGlass: { maxHours } },
      expected: [["breakGlass.maxHours", /must be a whole number from 1 to 72, in hours/]],
    }),
  ),
  {
    title: "a key of break-glass exemptions that there is not",
    changes: { breakGlass: { hours: 4 } },
    expected: [["breakGlass.hours", /is not a key[\s\S]*Allowed: maxHours, principals\.\n {2}Fix: Write maxHours\.$/]],
  },
  {
    title: "a user who may exempt",
    changes: { breakGlass: { principals: ["arn:aws:iam::111122223333:user/somebody"] } },
    expected: [["breakGlass.principals[0]", /must be the ARN of an IAM role/]],
  },
  {
    title: "a ledger that forgets break-glass exemptions before they end",
    changes: { ledgerDays: 2, breakGlass: { maxHours: 48 } },
    expected: [["ledgerDays", /2 is not longer than breakGlass\.maxHours \(48\)/]],
  },
  ...[false, ["arn:aws:iam::111122223333:role/security"]].map(
    (blocks): Mistake => ({
      title: `blocks as ${JSON.stringify(blocks)}`,
      changes: { blocks },
      expected: [
        [
          "blocks",
          /must be a mapping\.\n {2}Allowed: a mapping with principals.*\n {2}Fix: .* cannot be turned off\.$/,
        ],
      ],
    }),
  ),
  {
    title: "who may block, as one key",
    changes: { "blocks.principals": ["arn:aws:iam::111122223333:role/security"] },
    expected: [['["blocks.principals"]', /or write:\n {4}ecs-image-verification:blocks:\n {6}principals: \.\.\.$/]],
  },
  {
    title: "a user who may block",
    changes: { blocks: { principals: ["arn:aws:iam::111122223333:user/somebody"] } },
    expected: [["blocks.principals[0]", /must be the ARN of an IAM role, such as arn:aws:iam::/]],
  },
  {
    title: "a retention that CloudWatch Logs does not offer",
    changes: { logs: { retentionDays: 100 } },
    expected: [["logs.retentionDays", /100 must be one of 1, 3, 5.* in days/]],
  },
  {
    title: "an identity with the known slip",
    changes: statement({ identities: ["arn:aws:signer:eu-west-1:111122223333:/signing-profile/release"] }),
    expected: [
      [
        "trust.statements[0].identities[0]",
        /never matches[\s\S]*Write "arn:aws:signer:eu-west-1:111122223333:\/signing-profiles\/release"/,
      ],
    ],
  },
  {
    title: "everybody as an identity",
    changes: statement({ identities: ["*"] }),
    expected: [["trust.statements[0].identities[0]", /every AWS customer/]],
  },
  {
    title: "an identity of another partition",
    changes: statement({ identities: ["arn:aws-us-gov:signer:us-gov-west-1:111122223333:/signing-profiles/release"] }),
    expected: [["trust.statements[0].identities[0]", /in the partition aws-us-gov/]],
  },
  {
    title: "another stack that is named halfway",
    changes: statement({ identities: ["stack:platform/signing"] }),
    expected: [["trust.statements[0].identities[0]", /does not name a stack[\s\S]*stack:ORGANIZATION\/PROJECT\/NAME/]],
  },
  {
    title: "another stack in another case: one problem, and how it is written",
    changes: statement({ identities: ["Stack:signing"] }),
    expected: [["trust.statements[0].identities[0]", /does not name a stack[\s\S]*Write "stack:signing"\./]],
  },
  {
    title: "a weaker level",
    changes: statement({ level: "audit" }),
    expected: [["trust.statements[0].level", /always strict/]],
  },
  {
    title: "an exemption that is over",
    changes: {
      trust: {
        ...(LEAST.trust as object),
        exemptions: [{ image: "self/tool", owner: "team", reason: "not ours", expires: "2020-01-31" }],
      },
    },
    expected: [["trust.exemptions[0].expires", /has passed/]],
  },
  {
    title: "a cluster by name",
    changes: { clusters: ["web"] },
    expected: [["clusters[0]", /"web" must be the ARN of a cluster/]],
  },
  {
    title: "a cluster of another account",
    changes: { clusters: [cluster("web"), cluster("web", "eu-west-1:444455556666")] },
    expected: [["clusters[1]", /not a cluster of account 111122223333 in eu-west-1[\s\S]*Run one stack in each/]],
  },
  {
    title: "the same cluster twice",
    changes: { clusters: [cluster("web"), cluster("web")] },
    expected: [["clusters[1]", /repeats a cluster/]],
  },
  {
    title: "no cluster at all",
    changes: { clusters: [] },
    expected: [["clusters", /at least one entry, or be left out/]],
  },
  {
    title: "more clusters than fit an event pattern",
    changes: { clusters: Array.from({ length: 60 }, (_, index) => cluster(`cluster-${index}`)) },
    expected: [["clusters", /event pattern of \d+ characters; EventBridge allows 2048/]],
  },
  {
    title: "more repositories than fit the policy of a role, in audit as well",
    changes: statement({
      repositories: Array.from({ length: 130 }, (_, index) => `self/a-team/an-application-${index}`),
    }),
    expected: [
      [
        "trust.statements",
        /one of its policies has \d+ characters; IAM allows 6144; 130 repositories of ECR take \d+\.[\s\S]*Fix: List fewer/,
      ],
    ],
  },
  {
    title: "more secrets with logins than fit it",
    changes: {
      trust: {
        registries: Array.from({ length: 110 }, (_, index) => ({
          host: `registry-${index}.example.com`,
          credentials: `arn:aws:secretsmanager:eu-west-1:111122223333:secret:registries/a-registry-${index}-a1B2c3`,
        })),
        statements: [{ name: "release", repositories: ["*"], identities: ["self"] }],
      },
    },
    expected: [["trust.statements", /IAM allows 6144; 110 secrets for logins take \d+\./]],
  },
  ...[
    "verifier",
    `${REPOSITORY}:v1`,
    `${REPOSITORY}:v1@${DIGEST}`,
    `${REPOSITORY}@sha256:abc`,
    `ghcr.io/team/verifier@${DIGEST}`,
    `${REPOSITORY}//@${DIGEST}`,
  ].map(
    (imageUri): Mistake => ({
      title: `a verifier's image that is not in ECR, or not given by its digest alone: ${imageUri}`,
      changes: { verifier: { imageUri } },
      expected: [["verifier.imageUri", /must be an image in ECR by digest.*image build --push prints it/]],
    }),
  ),
  {
    title: "a verifier's image of another region",
    changes: { verifier: { imageUri: `${REPOSITORY.replace("eu-west-1", "us-east-1")}@${DIGEST}` } },
    expected: [["verifier.imageUri", /is not in ECR in eu-west-1, and Lambda accepts no other[\s\S]*image build/]],
  },
  {
    title: "Slack without an address",
    changes: { notifications: { slack: {} } },
    expected: [
      ["slackWebhookUrl", /is required by notifications\.slack[\s\S]*pulumi config set --secret slackWebhookUrl/],
    ],
  },
  {
    title: "PagerDuty without a key",
    changes: { notifications: { pagerDuty: {} } },
    expected: [["pagerDutyRoutingKey", /is required by notifications\.pagerDuty/]],
  },
  {
    title: "a secret in plain text, which is not printed",
    changes: { slackWebhookUrl: "https://hooks.slack.example/very-secret" },
    expected: [["slackWebhookUrl", /^(?![\s\S]*very-secret)[\s\S]*is not encrypted[\s\S]*pulumi config set --secret/]],
  },
  {
    title: "a secret that is wrong, which is not printed",
    changes: { pagerDutyRoutingKey: "very-secret" },
    more: secret("pagerDutyRoutingKey"),
    expected: [["pagerDutyRoutingKey", /^(?![\s\S]*very-secret)[\s\S]*must be an integration key of PagerDuty/]],
  },
  {
    title: "an e-mail address that is none",
    changes: { notifications: { email: [{ address: "the team" }] } },
    expected: [["notifications.email[0].address", /"the team" must be an e-mail address/]],
  },
  {
    title: "a status that nobody is told of",
    changes: { notifications: { email: [{ address: "a@example.com", statuses: ["trusted"] }] } },
    expected: [["notifications.email[0].statuses[0]", /must be "denied" or "inconclusive"/]],
  },
  {
    title: "an address without encryption",
    changes: { notifications: { https: [{ url: "http://example.com" }] } },
    expected: [["notifications.https[0].url", /starting with https:\/\//]],
  },
  {
    title: "signers of a profile that another stack makes",
    changes: {
      signingProfile: {
        arn: "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release",
        signers: [{ account: "777788889999" }],
      },
    },
    expected: [["signingProfile.signers", /that this stack does not make/]],
  },
  {
    title: "an account without quotes, which YAML takes for a number",
    changes: { signingProfile: { signers: [{ account: 444455556666 }] } },
    expected: [["signingProfile.signers[0].account", /444455556666 must be text/]],
  },
  {
    title: "signatures that are valid for longer than AWS Signer allows",
    changes: { signingProfile: { validityMonths: 240 } },
    expected: [["signingProfile.validityMonths", /240 must be a whole number from 1 to 135, in months/]],
  },
  {
    title: "a function that ends before a verification does",
    changes: { verificationTimeoutSeconds: 100 },
    expected: [["verifier.timeoutSeconds", /at least twice as long/]],
  },
  {
    title: "several mistakes at once",
    changes: { mode: "block", clusters: ["web"], ...statement({ name: "a b" }), protect: "yes" },
    more: { region: undefined },
    expected: [
      ["mode", /must be/],
      ["clusters[0]", /must be/],
      ["protect", /must be/],
      ["aws:region", /is required/],
      ["trust.statements[0].name", /is not a name for a statement/],
    ],
  },
];

describe("a mistake in the configuration of a stack is told with its key, and nothing is made:", () =>
  areTold(MISTAKES));
