// The keeper's handler in a process of its own, with a real table (DynamoDB Local) and topic (moto). ECS is the stand-in of
// tests/support/fake-ecs.ts (moto 5.2.5 knows no lifecycle hooks), Lambda and CloudTrail that of
// support/function-and-trail.ts.
import assert from "node:assert/strict";
import { join } from "node:path";
import { draftOpening, proveOpening, writeOpening } from "../../automation/operations/orders/give-opening";
import { useFakeEcs } from "../support/fake-ecs";
import { GATE, gateHook, otherHook } from "../support/gate-hooks";
import { startNode } from "../support/running-command";
import { clientOf } from "./support/account";
import { type FunctionAndTrail, startFunctionAndTrail, updateRecord } from "./support/function-and-trail";
import { useAws } from "./support/scene";

const SCHEDULE = { check: "keeper" };

describe("AWS: the keeper as the function starts it", () => {
  const aws = useAws();
  const ecs = useFakeEcs();
  let others: FunctionAndTrail;
  beforeEach(async () => {
    others = await startFunctionAndTrail();
  });
  afterEach(() => others?.close());

  async function invoke(event: object, changes: NodeJS.ProcessEnv = {}) {
    const { LEDGER_TABLE, NOTIFICATION_TOPIC, ORDERS_TABLE, ORDERS_KEY_ARN } = aws().account.resources;
    const { endpoint, credentials } = clientOf(aws().address);
    const environment = {
      PATH: process.env.PATH,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_ECS: ecs().url,
      AWS_ENDPOINT_URL_LAMBDA: others.url,
      AWS_ENDPOINT_URL_CLOUDTRAIL: others.url,
      LEDGER_TABLE,
      NOTIFICATION_TOPIC,
      ORDERS_TABLE,
      ORDERS_KEY_ARN,
      GATE_OPEN_HOURS: "8",
      ENVIRONMENT: "prod",
      KEEPER_ATTACH: "all",
      GATE_TARGET_ARN: GATE.targetArn,
      GATE_INVOKER_ROLE_ARN: GATE.roleArn,
      GATE_MODE: "enforce",
      ...changes,
    };
    const args = ["--import", "tsx", join(__dirname, "support/invoke-keeper.ts"), JSON.stringify(event)];
    const { code, stdout, stderr } = await startNode(args, environment).ended;
    const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
    return { code, stderr, lines: lines.map((line): Record<string, unknown> => JSON.parse(line)) };
  }
  const has = (lines: readonly Record<string, unknown>[], fields: Record<string, unknown>) =>
    lines.some((line) => Object.entries(fields).every(([name, value]) => line[name] === value));

  it("attaches the gate, and writes its metrics with the environment and the reasons", async () => {
    const web = ecs().put("shop", "web", { hooks: [otherHook()] });
    ecs().put("shop", "daemon", { schedulingStrategy: "DAEMON" });

    const { code, lines, stderr } = await invoke(SCHEDULE);

    assert.equal(code, 0, stderr);
    assert.deepEqual(ecs().hooksOf(web), [otherHook(), gateHook()]);
    assert.ok(
      has(lines, { ServicesGated: 1, ServicesNotGated: 1, environment: "prod", service: "ecs-image-verification" }),
    );
    assert.ok(has(lines, { ServicesNotGated: 1, reason: "daemon", environment: "prod" }));
    assert.deepEqual(others.asked, [`/2015-03-31/functions/${GATE.targetArn}/configuration`]);
  });

  it("leaves a service alone that an opening in force is for, proven by the key, and no other", async () => {
    const [open, forged, other] = ["open", "forged", "other"].map((name) => ecs().put("shop", name));
    const { place } = aws().withOrders();
    const give = async (service = "", environment = "prod") => {
      const opening = draftOpening({ service, reason: "hotfix", forMs: 3_600_000 }, new Date());
      const own = { ...place, environment, openHours: 8 };
      await writeOpening(own, opening, await proveOpening(own, opening));
    };
    await give(open);
    await give(forged, "dev");

    const { code, lines, stderr } = await invoke(SCHEDULE);

    assert.equal(code, 0, stderr);
    assert.deepEqual(
      [open, forged, other].map((service = "") => ecs().hooksOf(service).length),
      [0, 1, 1],
    );
    assert.ok(has(lines, { ServicesNotGated: 1, reason: "opened" }), JSON.stringify(lines));
  });

  it("remembers between processes what it attached, gives way, and tells people who has taken it away", async () => {
    const web = ecs().put("shop", "web");
    await invoke(SCHEDULE);
    ecs().put("shop", "web", { hooks: [otherHook()] });
    const ours = { deploymentConfiguration: { lifecycleHooks: [gateHook()] } };
    const without = { deploymentConfiguration: { lifecycleHooks: [] } };
    others.pages = [
      [
        updateRecord({ cluster: "shop", service: "web", desiredCount: 3 }),
        updateRecord({ cluster: "other", service: "web", ...without }, { eventTime: "2026-11-27T08:30:00Z" }),
        updateRecord({ cluster: "shop", service: "web", ...ours }),
      ],
      [
        updateRecord({ cluster: "shop", service: "web", ...without }),
        updateRecord(
          { cluster: "shop", service: web, ...without },
          { userIdentity: { arn: "arn:aws:iam::1:user/older" } },
        ),
      ],
    ];

    const first = await invoke(SCHEDULE);
    const second = await invoke(SCHEDULE);

    assert.deepEqual([ecs().hooksOf(web), ecs().updates().length], [[otherHook()], 1]);
    assert.ok(has(first.lines, { GateRemoved: 1 }));
    assert.ok(!second.lines.some((line) => "GateRemoved" in line));
    assert.ok(has(second.lines, { ServicesNotGated: 1, reason: "removed" }));
    const messages = await aws().account.messages();
    assert.deepEqual(
      messages.map(({ Subject }) => Subject),
      ["GATE REMOVED: shop/web in prod"],
    );
    assert.match(
      messages[0]?.Message ?? "",
      /\nService +shop\/web: by arn:aws:sts::111122223333:assumed-role\/Admin\/jo at 2026-11-27T08:10:00Z with aws-cli\/2\.31\n/,
    );
  });

  for (const [what, configuration] of [
    ["Inactive", { State: "Inactive", StateReason: "idle" }],
    ["of a failed update", { State: "Active", LastUpdateStatus: "Failed" }],
    ["gone", undefined],
  ] as const) {
    it(`attaches nothing while the gate's function is ${what}, and counts that`, async () => {
      ecs().put("shop", "web");
      others.configuration = configuration;

      const { code, lines } = await invoke(SCHEDULE);

      assert.deepEqual([code, ecs().updates()], [0, []]);
      assert.ok(has(lines, { GateNotActive: 1, environment: "prod" }));
    });
  }

  it("attaches nothing without its table", async () => {
    ecs().put("shop", "web");

    const { code, lines } = await invoke(SCHEDULE, { LEDGER_TABLE: "no-such-table" });

    assert.deepEqual([code, ecs().updates()], [0, []]);
    assert.ok(lines.some((line) => "KeeperFailed" in line));
  });

  it("refuses the deletion of the gate while a service has its hook, and answers at once otherwise", async () => {
    ecs().put("shop", "web", { hooks: [gateHook()] });

    const created = await invoke({ check: "removal", tf: { action: "create" } }, { KEEPER_ATTACH: "none" });
    const deleted = await invoke({ check: "removal", tf: { action: "delete" } }, { KEEPER_ATTACH: "none" });
    ecs().put("shop", "web");
    const after = await invoke({ check: "removal", tf: { action: "delete" } }, { KEEPER_ATTACH: "none" });

    assert.deepEqual([created.code, created.lines.at(-1)], [0, { answer: { check: "removal" } }]);
    assert.equal(deleted.code, 1);
    assert.match(
      deleted.stderr,
      /GateAttachedError: A service still has the hook of the deployment gate: shop\/web\. .*gate detach --all\n$/,
    );
    assert.deepEqual([after.code, after.lines.at(-1)], [0, { answer: { check: "removal" } }]);
  });

  it("says which environment variables are wrong, all at once", async () => {
    const { code, stderr } = await invoke(SCHEDULE, {
      KEEPER_ATTACH: "some",
      GATE_TARGET_ARN: "live",
      ENVIRONMENT: "",
    });

    assert.notEqual(code, 0);
    assert.match(
      stderr,
      /Environment variables: ENVIRONMENT: .*KEEPER_ATTACH: .*GATE_TARGET_ARN: must be the ARN of a Lambda alias/,
    );
  });

  it("fails on something that it does not know", async () => {
    const { code, stderr } = await invoke({ hello: 1 });

    assert.equal(code, 1);
    assert.match(stderr, /invoked with something that it does not know/);
  });
});
