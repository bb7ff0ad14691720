import assert from "node:assert/strict";
import { orderKeyPolicy } from "../../../../components/orders/key-policy";
import { OrderWatch } from "../../../../components/orders/order-watch";
import { Orders, type OrdersArgs } from "../../../../components/orders/orders";
import { isOrderCheckRequest } from "../../../../verifier/src/detector/order-check";
import { children, named, runProgram } from "../run-program";

const ARGS: OrdersArgs = { environment: "prod.eu", exemptionHours: 8 };
const ACCOUNT = "111122223333";
const ROLES = { onCall: `arn:aws:iam::${ACCOUNT}:role/on-call`, security: `arn:aws:iam::${ACCOUNT}:role/security` };

const run = (changes: Partial<OrdersArgs> = {}) => runProgram(() => void new Orders("orders", { ...ARGS, ...changes }));

const table = (protect = false) => ({
  billingMode: "PAY_PER_REQUEST",
  hashKey: "digest",
  rangeKey: "id",
  attributes: [
    { name: "digest", type: "S" },
    { name: "id", type: "S" },
  ],
  ttl: { attributeName: "expiresAt", enabled: true },
  pointInTimeRecovery: { enabled: true },
  serverSideEncryption: { enabled: true },
  deletionProtectionEnabled: protect,
});

const GIVERS = { partition: "aws", account: ACCOUNT, areExemptionsAllowed: true, areOpeningsAllowed: false };

describe("Orders", () => {
  it("makes a table, a key with its policy, and an alias", async () => {
    const result = await run();

    const policy = orderKeyPolicy({ ...GIVERS, environment: "prod.eu" });
    assert.deepEqual(children(result), [
      [
        "orders-alias",
        "aws:kms/alias:Alias",
        { namePrefix: "alias/ecs-image-verification/prod-eu-", targetKeyId: "orders-key" },
      ],
      [
        "orders-key",
        "aws:kms/key:Key",
        {
          description: "Proves who gave an order about container images in the environment prod.eu",
          enableKeyRotation: true,
          deletionWindowInDays: 30,
        },
      ],
      ["orders-key-policy", "aws:kms/keyPolicy:KeyPolicy", { keyId: "orders-key", policy }],
      ["orders-table", "aws:dynamodb/table:Table", table()],
    ]);
  });

  it("is an error where DynamoDB says that the table is not protected as was asked for", async () => {
    const states = { "aws:dynamodb/table:Table": { name: "elsewhere", arn: "arn:table" } };
    const tables = { elsewhere: { deletionProtectionEnabled: false } };
    const name = (preview: boolean) =>
      runProgram(() => ({ name: new Orders("orders", { ...ARGS, protect: true }).tableName }), {
        states,
        tables,
        preview,
      });

    await assert.rejects(name(false), { name: "ProtectionOutOfDateError" });
    assert.equal((await name(true)).outputs.name, "elsewhere");
  });

  it("has AWS protect the table as well where it is protected", async () => {
    assert.deepEqual(named(await run({ protect: true }), "orders-table").inputs, table(true));
  });

  /** Who may do what, by the policy of the key. */
  const principals = async (exemptionHours: number) => {
    const result = await run({ mayBlock: [ROLES.security], mayExempt: [ROLES.onCall], exemptionHours });
    const { Statement } = JSON.parse(String(named(result, "orders-key-policy").inputs.policy)) as {
      readonly Statement: readonly { readonly Sid: string; readonly Principal: unknown }[];
    };
    return new Map(Statement.map(({ Sid, Principal }) => [Sid, Principal]));
  };

  it("gives the key the roles that may give orders", async () => {
    const policy = await principals(8);

    assert.deepEqual(policy.get("Block"), { AWS: [ROLES.security] });
    assert.deepEqual(policy.get("Exempt"), { AWS: [ROLES.onCall] });
  });

  it("lets nobody exempt where there are no exemptions", async () => {
    assert.deepEqual([...(await principals(0)).keys()], ["Manage", "Block", "Check"]);
  });

  it("lets the given roles open the gate, where there is one that can be opened", async () => {
    const result = await run({ openHours: 4, mayOpen: [ROLES.onCall] });

    const expected = { ...GIVERS, environment: "prod.eu", areOpeningsAllowed: true, mayOpen: [ROLES.onCall] };
    assert.deepEqual(
      JSON.parse(String(named(result, "orders-key-policy").inputs.policy)),
      JSON.parse(JSON.stringify(orderKeyPolicy(expected))),
    );
  });
});

describe("the policy of the key that proves orders", () => {
  const givers = {
    partition: "aws",
    account: ACCOUNT,
    environment: "prod",
    areExemptionsAllowed: true,
    areOpeningsAllowed: false,
  };
  const statement = (policy: ReturnType<typeof orderKeyPolicy>, sid: string) =>
    policy.Statement.find(({ Sid }) => Sid === sid);
  const inProd = (kind: string) => ({
    StringEquals: { "kms:EncryptionContext:environment": "prod", "kms:EncryptionContext:kind": kind },
  });

  it("lets roles, or whoever IAM allows, encrypt for one environment and one kind", () => {
    const policy = orderKeyPolicy({ ...givers, mayBlock: [ROLES.security] });

    assert.deepEqual(statement(policy, "Block"), {
      Sid: "Block",
      Effect: "Allow",
      Principal: { AWS: [ROLES.security] },
      Action: ["kms:Encrypt"],
      Resource: ["*"],
      Condition: inProd("block"),
    });
    assert.deepEqual(statement(policy, "Exempt")?.Principal, { AWS: [`arn:aws:iam::${ACCOUNT}:root`] });
    assert.deepEqual(statement(policy, "Exempt")?.Condition, inProd("exempt"));
    assert.equal(statement(policy, "Open"), undefined);
  });

  it("lets roles, or whoever IAM allows, open the gate of one environment", () => {
    const open = (more: object) => statement(orderKeyPolicy({ ...givers, areOpeningsAllowed: true, ...more }), "Open");

    assert.deepEqual(open({ mayOpen: [ROLES.onCall] }), {
      Sid: "Open",
      Effect: "Allow",
      Principal: { AWS: [ROLES.onCall] },
      Action: ["kms:Encrypt"],
      Resource: ["*"],
      Condition: inProd("open"),
    });
    assert.deepEqual(open({})?.Principal, { AWS: [`arn:aws:iam::${ACCOUNT}:root`] });
  });

  it("allows nobody anything else that makes ciphertexts, or that hands permissions on", () => {
    const actions = orderKeyPolicy(givers).Statement.flatMap(({ Action }) => Action);

    assert.deepEqual(actions.filter((action) => /Encrypt|Generate|Grant$|Decrypt|\*/.test(action)).sort(), [
      "kms:Decrypt",
      "kms:Encrypt",
      "kms:Encrypt",
      "kms:RevokeGrant",
    ]);
  });
});

describe("OrderWatch", () => {
  it("calls the function on a schedule, with a request that it knows", async () => {
    const result = await runProgram(
      () => void new OrderWatch("watch", { functionArn: "arn:function", functionName: "verifier" }),
    );

    assert.deepEqual(children(result), [
      [
        "watch-permission",
        "aws:lambda/permission:Permission",
        {
          action: "lambda:InvokeFunction",
          function: "verifier",
          principal: "events.amazonaws.com",
          sourceArn: "arn:aws:events:eu-west-1:111122223333:rule/watch-rule",
        },
      ],
      [
        "watch-rule",
        "aws:cloudwatch/eventRule:EventRule",
        {
          description: "Looks whether break-glass exemptions have ended, for the verification of images",
          scheduleExpression: "rate(5 minutes)",
        },
      ],
      [
        "watch-target",
        "aws:cloudwatch/eventTarget:EventTarget",
        { rule: "watch-rule", arn: "arn:function", input: { check: "orders" } },
      ],
    ]);
    assert.ok(isOrderCheckRequest({ check: "orders" }));
    for (const other of [{ check: "deployment", settings: "1" }, { check: "orders", more: 1 }, undefined, []]) {
      assert.equal(isOrderCheckRequest(other), false);
    }
  });
});
