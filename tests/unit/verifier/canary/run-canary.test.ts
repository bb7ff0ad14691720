import assert from "node:assert/strict";
import { type ECSClient, ListTasksCommand, RunTaskCommand, StopTaskCommand } from "@aws-sdk/client-ecs";
import { type Canary, runCanary } from "../../../../verifier/src/canary/run-canary";
import type { LedgerVerdict } from "../../../../verifier/src/reporting/ledger";

const CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/canary";
const TASK = "arn:aws:ecs:eu-west-1:111122223333:task/canary/1";

interface Scene {
  /** What the ledger has after so many milliseconds. Default: nothing, ever. */
  readonly verdictsAfter?: (milliseconds: number) => readonly LedgerVerdict[];
  /** What ECS answers. */
  readonly started?: object;
  /** Pages of tasks in the cluster. */
  readonly leftOver?: readonly (readonly string[])[];
  /** How long each stop takes, in milliseconds. */
  readonly stopTakes?: number;
  /** Until when ECS refuses to start a task, in milliseconds. */
  readonly refusedUntil?: number;
  /** Calls that fail. */
  readonly failing?: readonly (typeof ListTasksCommand | typeof RunTaskCommand | typeof StopTaskCommand)[];
}

const verdict = (status: string): LedgerVerdict => ({ container: "sample", provisional: false, status, code: "c" });

function scene({
  verdictsAfter = () => [],
  started,
  leftOver = [],
  stopTakes = 0,
  refusedUntil = 0,
  failing = [],
}: Scene = {}) {
  const clock = { time: 0 };
  const calls: unknown[] = [];
  const seen = { stopped: [] as string[], counted: [] as string[], errors: [] as string[] };
  const send = async (command: unknown) => {
    calls.push(command);
    if (failing.some((one) => command instanceof one)) throw new Error("ECS has a fault");
    if (command instanceof ListTasksCommand) return listed(leftOver, Number(command.input.nextToken ?? 0));
    if (command instanceof RunTaskCommand) {
      if (clock.time < refusedUntil)
        throw Object.assign(new Error("not authorized"), { name: "AccessDeniedException" });
      return started ?? { tasks: [{ taskArn: TASK }] };
    }
    if (command instanceof StopTaskCommand) {
      clock.time += stopTakes;
      seen.stopped.push(command.input.task ?? "");
    }
    return {};
  };
  const canary: Canary = {
    environment: {
      environment: "prod",
      cluster: CLUSTER,
      taskDefinition: "arn:task-definition:1",
      subnets: ["subnet-1"],
      ledgerTable: "ledger",
    },
    // Only the method that is used: a client of the SDK has many.
    ecs: { send } as unknown as ECSClient,
    ledger: { verdictsOf: async (task) => (task === TASK ? verdictsAfter(clock.time) : []) },
    metrics: { denied: () => void seen.counted.push("denied"), missed: () => void seen.counted.push("missed") },
    log: { info: () => {}, error: (message) => void seen.errors.push(message) },
    now: () => clock.time,
    pause: async (milliseconds) => {
      clock.time += milliseconds;
    },
  };
  return { canary, calls, seen, clock };
}

/** One page of ListTasks. */
function listed(pages: readonly (readonly string[])[], page: number) {
  return { taskArns: pages[page] ?? [], ...(page + 1 < pages.length ? { nextToken: String(page + 1) } : {}) };
}

describe("a run of the canary", () => {
  it("starts the unsigned task in its own cluster, without an address of the internet", async () => {
    const { canary, calls } = scene({ verdictsAfter: () => [verdict("denied")] });

    await runCanary(canary);

    const run = calls.find((call) => call instanceof RunTaskCommand);
    assert.deepEqual(run?.input, {
      cluster: CLUSTER,
      taskDefinition: "arn:task-definition:1",
      launchType: "FARGATE",
      startedBy: "image-verification-canary",
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"], assignPublicIp: "DISABLED" } },
    });
  });

  it("is content with a denial that comes within a minute, and stops the task", async () => {
    for (const after of [0, 4000, 60_000]) {
      const { canary, seen } = scene({ verdictsAfter: (time) => (time >= after ? [verdict("denied")] : []) });

      assert.equal(await runCanary(canary), "denied", `${after} ms`);
      assert.deepEqual(seen, { stopped: [TASK], counted: ["denied"], errors: [] });
    }
  });

  it("misses a denial that comes later, and one that never comes, and stops the task", async () => {
    for (const verdictsAfter of [(time: number) => (time > 60_000 ? [verdict("denied")] : []), () => []]) {
      const { canary, seen, clock } = scene({ verdictsAfter });

      assert.equal(await runCanary(canary), "missed");
      assert.deepEqual(seen.counted, ["missed"]);
      assert.deepEqual(seen.stopped, [TASK]);
      assert.equal(clock.time, 60_000);
    }
  });

  it("takes no other verdict for a denial", async () => {
    const { canary, seen } = scene({
      verdictsAfter: () => ["trusted", "exempt", "inconclusive"].map((status) => verdict(status)),
    });

    assert.equal(await runCanary(canary), "missed");
    assert.deepEqual(seen.counted, ["missed"]);
  });

  it("counts nothing and fails with ECS's reason if there is no task to judge", async () => {
    const { canary, seen } = scene({
      started: { tasks: [], failures: [{ reason: "Capacity is unavailable at this time", detail: "none" }] },
    });

    await assert.rejects(runCanary(canary), {
      name: "CanaryNotStartedError",
      message: "ECS started no task: Capacity is unavailable at this time: none",
    });
    assert.deepEqual(seen.counted, []);
  });

  it("stops first whatever is in its cluster, and starts its task even if it cannot list that", async () => {
    const left = scene({ verdictsAfter: () => [verdict("denied")], leftOver: [["arn:old"], ["arn:somebody"]] });
    const blind = scene({ verdictsAfter: () => [verdict("denied")], failing: [ListTasksCommand] });

    await runCanary(left.canary);
    await runCanary(blind.canary);

    assert.deepEqual(left.seen.stopped, ["arn:old", "arn:somebody", TASK]);
    assert.deepEqual(blind.seen.counted, ["denied"]);
    assert.deepEqual(blind.seen.errors, ["The tasks in the canary's cluster could not be listed"]);
  });

  it("starts its task although others keep its cluster full", async () => {
    const full = [Array.from({ length: 100 }, (_, index) => `arn:${index}`)];
    const { canary, seen } = scene({ verdictsAfter: () => [verdict("denied")], leftOver: full, stopTakes: 1000 });

    assert.equal(await runCanary(canary), "denied");
    assert.equal(seen.stopped.length, 21);
    assert.equal(seen.stopped.at(-1), TASK);
  });

  it("waits for a permission that is new, and not for one that is missing", async () => {
    const fresh = scene({ verdictsAfter: () => [verdict("denied")], refusedUntil: 15_000 });
    const missing = scene({ refusedUntil: Number.POSITIVE_INFINITY });

    assert.equal(await runCanary(fresh.canary), "denied");
    await assert.rejects(runCanary(missing.canary), { name: "AccessDeniedException" });
    assert.equal(missing.clock.time, 20_000);
    assert.deepEqual(missing.seen.counted, []);
  });

  it("says in the log that a task could not be stopped, and does not change its mind about the denial", async () => {
    const { canary, seen } = scene({ verdictsAfter: () => [verdict("denied")], failing: [StopTaskCommand] });

    assert.equal(await runCanary(canary), "denied");
    assert.deepEqual(seen.errors, ["A task of the canary's cluster could not be stopped"]);
  });

  it("stops the task also if the ledger throws", async () => {
    const { canary, seen } = scene({
      verdictsAfter: () => {
        throw new Error("unreadable");
      },
    });

    await assert.rejects(runCanary(canary), /unreadable/);
    assert.deepEqual(seen.stopped, [TASK]);
  });
});
