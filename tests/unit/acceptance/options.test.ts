import assert from "node:assert/strict";
import { CommanderError } from "commander";
import { parse } from "yaml";
import {
  type AcceptanceOptions,
  acceptanceCommand,
  checkOptions,
  chooseRegion,
  freshStack,
} from "../../../acceptance/options";
import { stackFileText } from "../../../acceptance/stack-file";
import { STEPS } from "../../../acceptance/steps";
import { UsageError } from "../../../cli/lib/errors";
import { readConfiguration } from "../../../configuration/read";

const SUBNET = "subnet-0123456789abcdef0";
const CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/demo";

async function read(...args: readonly string[]): Promise<AcceptanceOptions> {
  let options: AcceptanceOptions | undefined;
  const command = acceptanceCommand(async (given) => {
    options = given;
  });
  await command.configureOutput({ writeErr: () => {} }).parseAsync(args, { from: "user" });
  assert.ok(options);
  return options;
}

describe("acceptance: options", () => {
  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["no cluster", ["--subnet", SUBNET], /--cluster/],
    ["no subnet", ["--cluster", "demo"], /--subnet/],
    ["a subnet that is none", ["--cluster", "demo", "--subnet", "10.0.0.0/8"], /must be the id of a subnet/],
    ["a stack name with a dot", ["--cluster", "demo", "--subnet", SUBNET, "--stack", "a.b"], /letters, digits/],
  ];
  for (const [name, args, says] of refused) {
    it(`refuses ${name}`, async () => {
      await assert.rejects(read(...args), (error) => error instanceof CommanderError && says.test(error.message));
    });
  }

  it("refuses a public address on EC2", async () => {
    const options = await read("--cluster", "demo", "--subnet", SUBNET, "--launch-type", "EC2", "--public-ip");

    assert.throws(() => checkOptions(options), UsageError);
  });

  it("takes the region of the option, of the cluster's ARN, or of the environment", async () => {
    const environment = { AWS_REGION: "us-east-1" };
    const named = await read("--cluster", "demo", "--subnet", SUBNET, "--region", "eu-central-1");
    const byArn = await read("--cluster", CLUSTER, "--subnet", SUBNET);
    const bare = await read("--cluster", "demo", "--subnet", SUBNET);

    assert.deepEqual(
      [named, byArn, bare].map((options) => chooseRegion(options, environment)),
      ["eu-central-1", "eu-west-1", "us-east-1"],
    );
    assert.throws(() => chooseRegion(bare, {}), /The region is not known/);
    assert.throws(() => chooseRegion({ ...byArn, region: "us-east-1" }, {}), /leave --region out/);
  });

  it("makes up another stack each time", () => {
    assert.match(freshStack(), /^acceptance-[0-9a-f]{6}$/);
    assert.notEqual(freshStack(), freshStack());
  });
});

describe("acceptance: the stack's file", () => {
  const configured = (chats: { readonly slack: boolean; readonly pagerDuty: boolean }) => {
    const file = parse(
      stackFileText({ region: "eu-west-1", environment: "acceptance-1a2b3c", cluster: CLUSTER, ...chats }),
    );
    const own = Object.entries<unknown>(file.config).flatMap(([key, value]) => {
      const [, name] = /^ecs-image-verification:(.+)$/.exec(key) ?? [];
      return name === undefined ? [] : [[name, typeof value === "string" ? value : JSON.stringify(value)] as const];
    });
    const secrets = {
      ...(chats.slack ? { slackWebhookUrl: "https://hooks.slack.com/services/x" } : {}),
      ...(chats.pagerDuty ? { pagerDutyRoutingKey: "0123456789abcdef0123456789abcdef" } : {}),
    };
    return readConfiguration({
      stack: "acceptance-1a2b3c",
      region: file.config["aws:region"],
      account: "111122223333",
      values: { ...Object.fromEntries(own), ...secrets },
      secretKeys: new Set(Object.keys(secrets)),
    });
  };

  it("can be read: it audits one cluster, has a sample, and is removed with its images", () => {
    const { mode, clusters, sampleWorkload, protect, forceDelete } = configured({ slack: false, pagerDuty: false });

    assert.deepEqual([mode, clusters, sampleWorkload, protect, forceDelete], ["audit", [CLUSTER], true, false, true]);
  });

  it("has a gate that enforces, is attached to no service, and takes nothing of the account's limit", () => {
    const { gate } = configured({ slack: false, pagerDuty: false });

    assert.deepEqual([gate?.mode, gate?.attach, gate?.reservedConcurrency], ["enforce", "none", "none"]);
  });

  it("tells Slack and PagerDuty where their secrets are there", () => {
    const { notifications } = configured({ slack: true, pagerDuty: true });

    assert.ok(notifications.slack && notifications.pagerDuty);
  });
});

describe("acceptance: the steps", () => {
  it("build on earlier ones alone, and end with the one that runs always", () => {
    for (const [index, { id, needs }] of STEPS.entries()) {
      const before = STEPS.slice(0, index).map((step) => step.id);
      for (const need of needs) assert.ok(before.includes(need), `${id} needs ${need}.`);
    }
    assert.deepEqual(
      STEPS.filter(({ always }) => always).map(({ id }) => id),
      [STEPS.at(-1)?.id],
    );
  });
});
