import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { slackMessage } from "../../../../components/notifications/chat-messages";
import { Notifications, type NotificationsArgs } from "../../../../components/notifications/notifications";
import { filterPolicy, subscriptionName } from "../../../../components/notifications/subscriptions";
import { children, named, type RunOptions, runProgram } from "../run-program";

const TOPIC = "arn:aws:sns:eu-west-1:111122223333:tell-topic";
const WEBHOOK = "https://hooks.slack.example/services/T0/B0/very-secret";
const ROUTING_KEY = "0123456789abcdef0123456789abcdef";

function run(changes: Partial<NotificationsArgs> = {}, options?: RunOptions) {
  return runProgram(() => void new Notifications("tell", { environment: "prod", ...changes }), options);
}

const TOPIC_AND_POLICY = [
  ["tell-topic", "aws:sns/topic:Topic", { displayName: "Image verification" }],
  [
    "tell-topic-policy",
    "aws:sns/topicPolicy:TopicPolicy",
    {
      arn: TOPIC,
      policy: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Alarms",
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: ["sns:Publish"],
            Resource: [TOPIC],
            Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
          },
        ],
      },
    },
  ],
];

describe("Notifications", () => {
  it("makes a topic that the account's alarms may publish to, and nothing else for nobody", async () => {
    assert.deepEqual(children(await run()), TOPIC_AND_POLICY);
  });

  it("subscribes people and web addresses, each to what it wants to hear", async () => {
    const result = await run({
      email: [{ address: "all@example.com" }, { address: "denials@example.com", statuses: ["denied"], alarms: false }],
      https: [{ url: "https://example.com/hook?key=secret", statuses: ["denied"] }],
    });

    const subscription = (name: string, rest: object) => [
      name,
      "aws:sns/topicSubscription:TopicSubscription",
      { topic: TOPIC, ...rest },
    ];
    assert.deepEqual(children(result), [
      subscription(`tell-email-${hash("denials@example.com")}`, {
        protocol: "email",
        endpoint: "denials@example.com",
        filterPolicy: { status: ["denied"] },
      }),
      subscription(`tell-email-${hash("all@example.com")}`, { protocol: "email", endpoint: "all@example.com" }),
      subscription(`tell-https-${hash("https://example.com/hook?key=secret")}`, {
        protocol: "https",
        endpoint: "https://example.com/hook?key=secret",
        filterPolicy: { status: ["denied", { exists: false }] },
      }),
      ...TOPIC_AND_POLICY,
    ]);
    const https = named(result, `tell-https-${hash("https://example.com/hook?key=secret")}`);
    assert.deepEqual(https.secrets, ["endpoint"]);
  });

  it("asks for a name where the address is known too late to be one", async () => {
    const address = pulumi.output("later@example.com");

    const result = await run({ email: [{ address, name: "on-call" }] });

    assert.equal(named(result, "tell-on-call").inputs.endpoint, "later@example.com");
    await assert.rejects(run({ email: [{ address }] }), /by email is an Output.*Give the recipient a name/);
  });

  it("gives who has not confirmed, and no web address", async () => {
    const result = await runProgram(() => {
      const { unconfirmed } = new Notifications("tell", {
        environment: "prod",
        email: [{ address: "all@example.com" }],
        https: [{ url: "https://example.com/hook?key=secret" }],
      });
      return { unconfirmed };
    });

    assert.deepEqual(result.outputs, { unconfirmed: ["all@example.com", "https[0]"] });
  });

  it("calls Slack and PagerDuty without code of ours, and keeps what they do not take", async () => {
    const result = await run({
      eventBusName: "verdicts",
      slack: { webhookUrl: WEBHOOK, statuses: ["denied"] },
      pagerDuty: { routingKey: ROUTING_KEY },
    });

    const made = children(result);
    const inputsOf = (name: string) => made.find(([one]) => one === name)?.[2];
    assert.deepEqual(
      made.map(([name]) => name),
      [
        "tell-pagerduty-connection",
        "tell-pagerduty-destination",
        "tell-pagerduty-policy",
        "tell-pagerduty-role",
        "tell-pagerduty-rule",
        "tell-pagerduty-target",
        "tell-slack-connection",
        "tell-slack-destination",
        "tell-slack-policy",
        "tell-slack-role",
        "tell-slack-rule",
        "tell-slack-target",
        "tell-topic",
        "tell-topic-policy",
        "tell-undelivered",
        "tell-undelivered-policy",
      ],
    );
    assert.deepEqual(inputsOf("tell-slack-rule"), {
      eventBusName: "verdicts",
      eventPattern: {
        source: ["ecs-image-verification"],
        "detail-type": ["Image Verdict"],
        detail: { environment: ["prod"], status: ["denied"], count: [{ exists: true }] },
      },
    });
    assert.deepEqual(inputsOf("tell-slack-destination"), {
      connectionArn: "arn:aws:events:eu-west-1:111122223333:connection/tell-slack-connection/1",
      httpMethod: "POST",
      invocationEndpoint: WEBHOOK,
      invocationRateLimitPerSecond: 1,
    });
    assert.deepEqual(inputsOf("tell-slack-policy"), {
      role: "tell-slack-role",
      policy: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "CallDestination",
            Effect: "Allow",
            Action: ["events:InvokeApiDestination"],
            Resource: ["arn:aws:events:eu-west-1:111122223333:api-destination/tell-slack-destination/1"],
          },
        ],
      },
    });
    assert.deepEqual(inputsOf("tell-pagerduty-connection"), {
      authorizationType: "API_KEY",
      authParameters: {
        apiKey: { key: "X-Sent-By", value: "ecs-image-verification" },
        invocationHttpParameters: { bodies: [{ key: "routing_key", value: ROUTING_KEY, isValueSecret: true }] },
      },
    });
    assert.deepEqual(named(result, "tell-slack-target").inputs, {
      rule: "tell-slack-rule",
      eventBusName: "verdicts",
      arn: "arn:aws:events:eu-west-1:111122223333:api-destination/tell-slack-destination/1",
      roleArn: "arn:aws:iam::111122223333:role/tell-slack-role",
      inputTransformer: slackMessage(),
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 185 },
      deadLetterConfig: { arn: "arn:aws:sqs:eu-west-1:111122223333:tell-undelivered" },
    });
  });

  it("keeps every address and key secret, also in what is recorded of the components", async () => {
    const { resources } = await run({
      slack: { webhookUrl: WEBHOOK },
      pagerDuty: { routingKey: ROUTING_KEY },
      https: [{ url: "https://example.com/very-secret" }],
    });

    for (const { name, inputs, secrets } of resources) {
      for (const path of pathsOf(inputs, /very-secret|0123456789abcdef/)) {
        const covered = secrets.some(
          (secret) =>
            secret === "" || path === secret || path.startsWith(`${secret}.`) || path.startsWith(`${secret}[`),
        );
        assert.ok(covered, `${name}: ${path} is no secret`);
      }
    }
  });

  it("makes the same in a preview", async () => {
    const args = { slack: { webhookUrl: WEBHOOK }, email: [{ address: "a@example.com" }] };
    const names = async (preview: boolean) => children(await run(args, { preview })).map(([name]) => name);

    assert.deepEqual(await names(true), await names(false));
  });
});

function hash(address: string): string {
  return createHash("sha256").update(address).digest("hex").slice(0, 12);
}

function pathsOf(value: unknown, wanted: RegExp, path = ""): string[] {
  if (typeof value === "string") return wanted.test(value) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((one, index) => pathsOf(one, wanted, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => pathsOf(one, wanted, path === "" ? key : `${path}.${key}`));
}

describe("the name of a subscription", () => {
  it("follows from the address, in whatever case a mailbox is written", () => {
    const name = (address: string) => subscriptionName({ protocol: "email", address });

    assert.equal(name("Ops@Example.com"), name("ops@example.com"));
    assert.notEqual(name("ops@example.com"), name("dev@example.com"));
  });
});

describe("the filter of a subscription", () => {
  it("is none for all there is, and lets alarms through, which have no status", () => {
    assert.equal(filterPolicy({}), undefined);
    assert.equal(filterPolicy({ statuses: ["inconclusive", "denied"], alarms: true }), undefined);
    assert.deepEqual(JSON.parse(filterPolicy({ statuses: ["denied"] }) ?? ""), {
      status: ["denied", { exists: false }],
    });
    assert.deepEqual(JSON.parse(filterPolicy({ alarms: false }) ?? ""), { status: ["denied", "inconclusive"] });
  });
});
