import assert from "node:assert/strict";
import { faultyAws } from "./support/faulty-aws";
import { program } from "./support/program";
import type { Configuration } from "./support/project";
import { useScene } from "./support/scene";
import { stepsOf } from "./support/steps";

const RULE = "aws:cloudwatch/eventRule:EventRule";
const TABLE = "aws:dynamodb/table:Table";
const KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy";
const LAUNCHES = "image-verification-detector-rule";
const GIVERS = "image-verification-orders-key-policy";
const TABLES = ["image-verification-ledger-table", "image-verification-orders-table"];
const cluster = (name: string) => `arn:aws:ecs:eu-west-1:111122223333:cluster/${name}`;

describe("engine: a change that failed and is recorded as made", function () {
  this.timeout(120_000);
  const aws = faultyAws();
  const scene = useScene({ ...program, packages: [...(program.packages ?? []), aws.provided] });
  const configure = (values: Configuration) =>
    scene().project.configure("failed", (old) => ({
      "aws:region": "eu-west-1",
      "ecs-image-verification:mode": "audit",
      "ecs-image-verification:trust": {
        registries: ["self"],
        statements: [{ name: "release", repositories: ["*"], identities: ["self"] }],
      },
      ...old,
      ...Object.fromEntries(Object.entries(values).map(([key, value]) => [`ecs-image-verification:${key}`, value])),
    }));
  const up = async (...flags: readonly string[]) => {
    const run = await scene().run("up", "failed", ...flags);
    assert.deepEqual([run.code, run.errors], [0, []]);
    return stepsOf(run.steps);
  };
  const failingUp = async (type?: string, name?: string) => {
    aws.failUpdates(type, name);
    const run = await scene().run("up", "failed");
    aws.failUpdates(undefined);
    assert.notEqual(run.code, 0);
    return run.errors.join("\n");
  };
  const id = async (type: string, name: string) => {
    const resources = await scene().state("failed");
    return resources.find((each) => each.type === type && each.urn.endsWith(`::${name}`))?.id ?? "";
  };
  const applied = async (type: string, name: string) => scene().applied(type, await id(type, name)) ?? {};
  const output = async (name: string) => {
    const { stdout } = await scene().pulumi("stack", "output", "--json", "--stack", "failed");
    return JSON.parse(stdout)[name];
  };

  before(async () => {
    await configure({ clusters: [cluster("a")], protect: false });
    await up();
  });

  it("the rule's: the next update watches the new cluster, by a new rule that is there before the old one goes", async () => {
    const old = await id(RULE, LAUNCHES);
    await configure({ clusters: [cluster("a"), cluster("b")] });
    assert.match(await failingUp(RULE, LAUNCHES), /ThrottlingException/);
    assert.doesNotMatch(String((await applied(RULE, LAUNCHES)).eventPattern), /cluster\/b/);

    const steps = await up();

    assert.match(String((await applied(RULE, LAUNCHES)).eventPattern), /cluster\/b/);
    assert.notEqual(await id(RULE, LAUNCHES), old);
    assert.equal(scene().applied(RULE, old), undefined);
    const made = scene()
      .calls()
      .filter(({ preview, name }) => !preview && /detector-(?:rule|target|permission)$/.test(name))
      .map(({ method, name }) => `${method} ${name.replace("image-verification-detector-", "")}`);
    const created = made.slice(-6, -3);
    assert.deepEqual([...created].sort(), ["create permission", "create rule", "create target"], made.join("\n"));
    assert.ok(steps.includes("replace EventRule image-verification-detector-rule"), steps.join("\n"));
    assert.deepEqual(await up(), []);
  });

  it("the rule's, where nothing fails: it stays the same rule", async () => {
    const old = await id(RULE, LAUNCHES);
    await configure({ clusters: [cluster("c")] });

    const steps = await up();

    assert.ok(steps.includes("update EventRule image-verification-detector-rule"), steps.join("\n"));
    assert.equal(await id(RULE, LAUNCHES), old);
  });

  it("the policy of the orders' key: the next update puts it again, and does not put KMS's default policy afterwards", async () => {
    const security = "arn:aws:iam::111122223333:role/security";
    const givers = async () => String((await applied(KEY_POLICY, GIVERS)).policy);
    await configure({ blocks: { principals: [security] } });
    assert.match(await failingUp(KEY_POLICY, GIVERS), /ThrottlingException/);
    assert.ok(!(await givers()).includes(security));

    const steps = await up();

    assert.ok(steps.includes(`replace KeyPolicy ${GIVERS}`), steps.join("\n"));
    assert.ok((await givers()).includes(security));
    assert.deepEqual(await up(), []);
  });

  it("the policy of the orders' key, where the key is another one: it is put to that one", async () => {
    const before = await applied(KEY_POLICY, GIVERS);
    const key = (await scene().state("failed")).find(({ type }) => type === "aws:kms/key:Key");
    assert.equal(before.keyId, key?.id);

    await up("--replace", key?.urn ?? "");

    const after = await applied(KEY_POLICY, GIVERS);
    assert.notEqual(after.keyId, before.keyId);
    assert.equal(after.policy, before.policy);
    assert.equal(await id(KEY_POLICY, GIVERS), after.keyId);
    assert.equal(await output("ordersKeyArn"), `arn:aws:kms:eu-west-1:111122223333:key/${after.keyId}`);
  });

  for (const table of TABLES) {
    it(`the protection of ${table}: no update succeeds and no output says protected before the table is`, async () => {
      await configure({ protect: false });
      await up("--refresh");
      await configure({ protect: true });
      assert.match(await failingUp(TABLE, table), /ThrottlingException/);

      const again = await failingUp();

      assert.match(again, /deletion protection of the table \S+ is off instead of on\. .*pulumi up --refresh/);
      assert.ok(again.includes(`The deletion protection of the table ${await id(TABLE, table)}`), again);
      assert.equal(await output("howToUnprotect"), undefined);
      await up("--refresh");
      assert.equal((await applied(TABLE, table)).deletionProtectionEnabled, true);
      assert.match(await output("howToUnprotect"), /are protected/);
      assert.deepEqual(await up(), []);
    });
  }
});
