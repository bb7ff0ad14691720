import assert from "node:assert/strict";
import { ACCOUNT } from "./support/aws-provider";
import { faultyAws } from "./support/faulty-aws";
import { iamRoles, POLICIES_PER_ROLE } from "./support/iam-roles";
import { program } from "./support/program";
import type { Configuration } from "./support/project";
import { useScene } from "./support/scene";
import { SUBSCRIPTION, snsSubscriptions } from "./support/sns-subscriptions";
import { stepsOf } from "./support/steps";

const PREFIX = "ecs-image-verification:";
const FUNCTION = "aws:lambda/function:Function";
const TABLE = "aws:dynamodb/table:Table";

describe("engine: an environment after faults of AWS", function () {
  this.timeout(180_000);
  const roles = iamRoles();
  const aws = faultyAws(snsSubscriptions(ACCOUNT), roles);
  const scene = useScene({ ...program, packages: [...(program.packages ?? []), aws.provided] });
  const configure = (stack: string, values: Configuration) =>
    scene().project.configure(stack, (old) => ({
      "aws:region": "eu-west-1",
      ...old,
      ...Object.fromEntries(Object.entries(values).map(([key, value]) => [`${PREFIX}${key}`, value])),
    }));
  const trusting = (repositories: readonly string[]) => ({
    trust: { registries: ["self"], statements: [{ name: "release", repositories, identities: ["self"] }] },
  });
  const up = async (stack: string, ...flags: readonly string[]) => {
    const run = await scene().run("up", stack, ...flags);
    assert.deepEqual([run.code, run.errors], [0, []]);
    return run;
  };

  describe("that made a resource only half", () => {
    const settings = {
      mode: "audit",
      ...trusting(["*"]),
      verifier: { reservedConcurrency: 5 },
      notifications: { email: [{ address: "security@example.com" }] },
    };
    const FAULTS: Readonly<Record<string, string>> = {
      Table: "waiting for DynamoDB Table create: timeout while waiting for state to become 'ACTIVE'",
      TopicSubscription: "waiting for SNS Topic Subscription create: timeout while waiting for state to become 'false'",
      Function: "waiting for Lambda Function create: timeout while waiting for state to become 'Active'",
    };
    const TYPES: Readonly<Record<string, string>> = {
      Table: TABLE,
      TopicSubscription: SUBSCRIPTION,
      Function: FUNCTION,
    };
    const changes = () =>
      scene()
        .calls()
        .filter(
          ({ method, type, preview }) => !preview && ["create", "delete"].includes(method) && type.startsWith("aws:"),
        )
        .map(({ method, type, name }) => `${method} ${type} ${name}`);
    const resource = async (stack: string, type: string) =>
      (await scene().state(stack)).find((each) => each.type === type);

    for (const [kind, message] of Object.entries(FAULTS)) {
      const type = TYPES[kind] ?? "";
      const stack = `half-a-${kind.toLowerCase()}`;

      it(`${kind}: the next update goes on with it, and makes nothing twice`, async () => {
        await configure(stack, settings);
        const before = changes().length;
        aws.failHalfWay(type, message);

        const failed = await scene().run("up", stack);
        // There are two tables: the one that was made only half has no ARN yet.
        const recorded = (await scene().state(stack)).find(
          (one) => one.type === type && one.outputs?.arn === undefined,
        );
        const preview = await scene().run("preview", stack);
        const finished = await up(stack);

        assert.notEqual(failed.code, 0);
        assert.ok(failed.errors.join("\n").includes(message), failed.errors.join("\n"));
        assert.ok(recorded?.id);
        assert.equal(recorded.outputs?.arn, undefined);
        assert.deepEqual([preview.code, preview.errors], [0, []]);
        assert.deepEqual(
          finished.steps.filter(({ urn }) => urn === recorded.urn).map(({ op }) => op),
          ["update"],
        );
        const after = (await scene().state(stack)).find(({ urn }) => urn === recorded.urn);
        assert.equal(after?.id, recorded.id);
        assert.match(String(after?.outputs?.arn), /^arn:aws:/);
        const made = changes().slice(before);
        assert.deepEqual(made, [...new Set(made)]);
        assert.ok(!made.some((change) => change.startsWith("delete ")));
      });
    }

    it("a function without its reserved concurrency is no success, and a refresh gives it", async () => {
      await configure("half-reserved", settings);
      const fault = "setting Lambda Function concurrency: InvalidParameterValueException";
      aws.failHalfWay(FUNCTION, fault, ["reservedConcurrentExecutions"]);

      const failed = await scene().run("up", "half-reserved");
      const again = await scene().run("up", "half-reserved");
      await up("half-reserved", "--refresh");

      assert.ok(failed.errors.join("\n").includes(fault), failed.errors.join("\n"));
      assert.notEqual(again.code, 0);
      assert.match(again.errors.join("\n"), /reserved concurrency: -1 instead of 5\..*pulumi up --refresh/);
      const { id = "" } = (await resource("half-reserved", FUNCTION)) ?? {};
      assert.equal(scene().applied(FUNCTION, id)?.reservedConcurrentExecutions, 5);
    });
  });

  it("a reserved concurrency that the account does not have: without the key, the next update goes on", async () => {
    const STACK = "no-reserve";
    await configure(STACK, { mode: "audit", ...trusting(["*"]), verifier: { reservedConcurrency: 50 } });
    const fault = "setting Lambda Function concurrency: InvalidParameterValueException";
    aws.failHalfWay(FUNCTION, fault, ["reservedConcurrentExecutions"]);
    const failed = await scene().run("up", STACK);
    assert.ok(failed.errors.join("\n").includes(fault), failed.errors.join("\n"));

    await configure(STACK, { verifier: {} });
    await up(STACK);

    const made = (await scene().state(STACK)).find(({ type }) => type === FUNCTION);
    assert.match(String(made?.outputs?.arn), /^arn:aws:lambda:/);
    assert.equal(scene().applied(FUNCTION, made?.id ?? "")?.reservedConcurrentExecutions, undefined);
    assert.deepEqual(stepsOf((await up(STACK)).steps), []);
  });

  describe("that refused the function again and again", () => {
    const STACK = "refused";
    const attached = async () => {
      const role = (await scene().state(STACK)).find(({ id }) => id?.startsWith("image-verification-verifier-role-"));
      return { role: role?.id ?? "", policies: roles.attached(role?.id ?? "") };
    };
    let round = 0;
    /** Changes what the function reads as well as what it does. */
    const change = () => {
      round += 1;
      return configure(STACK, { mode: round % 2 === 0 ? "enforce" : "audit", ...trusting([`self/app-${round}`]) });
    };

    after(() => aws.refuse(undefined));

    it("each update leaves two policies attached, until the role takes no more", async () => {
      await change();
      await up(STACK);
      aws.refuse("operation error Lambda: UpdateFunctionCode, InvalidParameterValueException");
      const counts = [];
      const errors = [];
      for (let failure = 0; failure < POLICIES_PER_ROLE / 2; failure += 1) {
        await change();
        const run = await scene().run("up", STACK);
        errors.push(run.errors.join("\n"));
        counts.push((await attached()).policies.length);
      }

      assert.deepEqual(counts, [4, 6, 8, 10, 10]);
      assert.match(errors.at(-2) ?? "", /UpdateFunctionCode/);
      assert.match(errors.at(-1) ?? "", /LimitExceeded: Cannot exceed quota for PoliciesPerRole/);
    });

    it("also when nothing refuses it any more", async () => {
      aws.refuse(undefined);

      const run = await scene().run("up", STACK, "--refresh");

      assert.notEqual(run.code, 0);
      assert.match(run.errors.join("\n"), /LimitExceeded: Cannot exceed quota for PoliciesPerRole/);
    });

    it("the way out of docs/operations.md is one", async () => {
      const { role, policies } = await attached();
      // Of each kind the second oldest: neither that of the code that runs nor that of the last update.
      for (const policy of policies.slice(2, 4)) roles.detach(role, policy);

      await up(STACK, "--refresh");

      const left = (await attached()).policies;
      assert.equal(left.length, 2);
      assert.ok(!policies.some((policy) => left.includes(policy)));
    });
  });
});
