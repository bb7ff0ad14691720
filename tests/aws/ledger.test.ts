import assert from "node:assert/strict";
import type { Ledger } from "../../verifier/src/reporting/ledger";
import { DIGEST, TASK } from "../support/launch-events";
import { failing } from "./support/proxy";
import { useAws } from "./support/scene";

describe("AWS: the ledger", () => {
  const aws = useAws();

  describe("its verdicts", () => {
    it("come back as they were noted, and are not weakened by a tag's that comes later", async () => {
      const { ledger } = aws().detector();
      const firm = { container: "web", digest: DIGEST, provisional: false, status: "denied", code: "no-signature" };
      const other = { container: "proxy", provisional: true, status: "inconclusive", code: "registry-unavailable" };

      await ledger.remember(TASK, firm);
      await ledger.remember(TASK, other);
      await ledger.remember(TASK, { ...firm, provisional: true });
      await ledger.remember(`${TASK}0`, firm);

      assert.deepEqual(await ledger.verdictsOf(TASK), [other, firm]);
    });
  });

  describe("its memory of signatures", () => {
    const IMAGE = { repository: "registry.example.com/app", digest: DIGEST };
    const [ONE, OTHER] = ["1", "2"].map((digit) => `sha256:${digit.repeat(64)}`);

    it("has what made an image trusted last, in every instance of the function", async () => {
      assert.ok(ONE && OTHER);
      const { ledger } = aws().detector();
      assert.deepEqual(await ledger.signatures.recall(IMAGE), []);

      await ledger.signatures.remember(IMAGE, [ONE]);
      await ledger.signatures.remember(IMAGE, [ONE, OTHER]);

      assert.deepEqual(await aws().detector().ledger.signatures.recall(IMAGE), [ONE, OTHER]);
      const another = { ...IMAGE, repository: "registry.example.com/app2" };
      assert.deepEqual(await ledger.signatures.recall(another), []);
    });

    it("fails quietly, and is counted, when the table cannot be reached", async () => {
      assert.ok(ONE);
      const { ledger, seen } = aws().detector();
      aws().aws(failing("dynamodb", "reset"));

      await ledger.signatures.remember(IMAGE, [ONE]);

      assert.deepEqual(await ledger.signatures.recall(IMAGE), []);
      assert.deepEqual(seen.counted, ["ledger unavailable", "ledger unavailable"]);
    });
  });

  // moto 5.2.5 answers StopTask for a task that is gone with an error of its own.
  describe("its budget of stops", () => {
    const stopTask = async (ledger: Ledger, task: number, family = "worker", outcome = "stopped") => {
      const budget = { cluster: aws().account.cluster, family, stops: 4 };
      const once = await ledger.stopOnce(`${TASK}${task}`, "response", budget, async () => outcome);
      return once.state === "done" ? once.outcome : once.state;
    };

    it("takes back a stop that stopped nothing, for the cluster and for the family", async () => {
      const { ledger } = aws().detector();
      const budget = { cluster: aws().account.cluster, family: "worker", stops: 1 };

      const ended = await ledger.stopOnce(TASK, "response", budget, async (giveBack) => {
        await giveBack();
        return "already-stopped";
      });

      assert.equal(ended.state, "done");
      const once = await ledger.stopOnce(`${TASK}1`, "response", budget, async () => "stopped");
      assert.equal(once.state, "done");
      const over = await ledger.stopOnce(`${TASK}2`, "response", budget, async () => "stopped");
      assert.equal(over.state, "over-budget");
    });

    it("gives one family half of it, tells what was done before, and begins afresh after ten minutes", async () => {
      const { ledger, clock } = aws().detector();

      const outcomes = [
        await stopTask(ledger, 1),
        await stopTask(ledger, 2),
        await stopTask(ledger, 3),
        await stopTask(ledger, 1, "worker", "again"),
        await stopTask(ledger, 4, "other"),
        await stopTask(ledger, 5, "third"),
        await stopTask(ledger, 6, "fourth"),
      ];
      await clock.pass(10 * 60_000);
      outcomes.push(await stopTask(ledger, 3));

      assert.deepEqual(outcomes, [
        "stopped",
        "stopped",
        "over-budget",
        "stopped",
        "stopped",
        "stopped",
        "over-budget",
        "stopped",
      ]);
    });

    it("takes one stop for a task whose stop failed and is tried again", async () => {
      const { ledger } = aws().detector();
      const budget = { cluster: aws().account.cluster, family: "worker", stops: 2 };
      const failing = ledger.stopOnce(`${TASK}1`, "response", budget, () => Promise.reject(new Error("throttled")));
      await assert.rejects(failing, /throttled/);

      const again = await ledger.stopOnce(`${TASK}1`, "response", budget, async () => "stopped");
      const other = await ledger.stopOnce(
        `${TASK}2`,
        "response",
        { ...budget, family: "other" },
        async () => "stopped",
      );
      const third = await ledger.stopOnce(
        `${TASK}3`,
        "response",
        { ...budget, family: "third" },
        async () => "stopped",
      );

      assert.deepEqual(again, { state: "done", outcome: "stopped", now: true });
      assert.deepEqual([other.state, third.state], ["done", "over-budget"]);
    });

    it("is not overdrawn by fifty claims at once", async () => {
      const detectors = Array.from({ length: 50 }, () => aws().patientDetector());

      const outcomes = await Promise.all(
        detectors.map(({ ledger }, task) => stopTask(ledger, task, task % 2 === 0 ? "worker" : "other")),
      );

      assert.equal(outcomes.filter((outcome) => outcome === "stopped").length, 4);
      assert.equal(outcomes.filter((outcome) => outcome === "over-budget").length, 46);
      assert.deepEqual(
        detectors.flatMap(({ seen }) => seen.counted),
        [],
      );
    });

    it("lets one of fifty handlers of the same task stop it", async () => {
      const detectors = Array.from({ length: 50 }, () => aws().patientDetector());

      const outcomes = await Promise.all(
        detectors.map(({ ledger }, index) => stopTask(ledger, 1, "worker", `${index}`)),
      );

      assert.equal(outcomes.filter((outcome) => outcome === "over-budget").length, 0);
      const winners = new Set(outcomes.filter((outcome) => outcome !== "under-way"));
      assert.equal(winners.size, 1);
      // Half of four is two.
      const ledger = aws().detector().ledger;
      assert.deepEqual([await stopTask(ledger, 2), await stopTask(ledger, 3)], ["stopped", "over-budget"]);
    });
  });

  describe("its groups", () => {
    it("number fifty members at once, of whom the first, the tenth and so on are told", async () => {
      const detectors = Array.from({ length: 50 }, () => aws().patientDetector());

      const numbers = await Promise.all(detectors.map(({ ledger }, member) => ledger.numberInGroup("g", `${member}`)));

      assert.deepEqual(
        numbers.map((one) => one?.number).sort((a = 0, b = 0) => a - b),
        Array.from({ length: 50 }, (_, index) => index + 1),
      );
      const told = numbers.filter((one) => one?.isTold);
      assert.equal(told.length, 2);
      assert.equal(new Set(numbers.map((one) => one?.since)).size, 1);
    });

    it("find the claim of a member that broke off, and begin afresh each hour", async () => {
      const { ledger, clock } = aws().detector();
      const isTold = async (member: string) => (await ledger.numberInGroup("h", member))?.isTold;

      const first = [await isTold("a"), await isTold("b"), await isTold("a")];
      await clock.pass(60 * 60_000);

      assert.deepEqual([...first, await isTold("c")], [true, false, true, true]);
    });
  });

  describe("its lease", () => {
    it("ends before Lambda tries again: work that broke off is taken up, and the first to have it cannot give it back", async () => {
      const { ledger, clock } = aws().detector();
      let breakOff: (error: Error) => void = () => {};
      const begun = new Promise<void>((started) => {
        const broken = ledger.once(TASK, "event", () => {
          started();
          return new Promise((_, reject) => {
            breakOff = reject;
          });
        });
        broken.catch(() => {});
      });
      await begun;
      assert.deepEqual(await ledger.once(TASK, "event", async () => "too soon"), { state: "under-way" });

      await clock.pass(60_000);
      const again = await ledger.once(TASK, "event", async () => {
        breakOff(new Error("thrown late"));
        return "put";
      });

      assert.deepEqual(again, { state: "done", outcome: "put", now: true });
      assert.deepEqual(await ledger.once(TASK, "event", async () => "again"), {
        state: "done",
        outcome: "put",
        now: false,
      });
    });
  });
});
