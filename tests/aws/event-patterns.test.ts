import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { launchPattern } from "../../components/detector/launch-pattern";
import { verdictPattern } from "../../components/notifications/chat-messages";
import { type EventName, readEvent, type TaskEvent } from "../fixtures/ecs/read";
import { useEventRuler } from "./support/event-ruler";

const files = readdirSync(join(__dirname, "../fixtures/ecs"))
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.replace(/\.json$/, "") as EventName);

/** A task's event in another state. */
function inState(desiredStatus: string, lastStatus: string, name: EventName = "running-ec2"): TaskEvent {
  const event = readEvent(name);
  return { ...event, detail: { ...event.detail, desiredStatus, lastStatus } };
}

describe("EventBridge's own matching of our patterns", () => {
  const match = useEventRuler();

  describe("the pattern for launches", () => {
    const pattern = launchPattern(undefined);
    const ask = (events: readonly TaskEvent[], of = pattern) => match(events.map((event) => ({ pattern: of, event })));

    it("matches every event file of the tests", async () => {
      const answers = await ask(files.map((name) => readEvent(name)));

      assert.deepEqual(
        files.filter((_, index) => answers[index] !== true),
        [],
      );
      assert.ok(answers.length >= 5);
    });

    it("matches each state on the way up, and the end, whatever ECS wanted by then", async () => {
      const up = ["PROVISIONING", "PENDING", "ACTIVATING", "RUNNING"].map((state) => inState("RUNNING", state));
      const ended = ["STOPPED", "RUNNING"].map((wanted) => inState(wanted, "STOPPED"));

      assert.deepEqual(await ask([...up, ...ended]), [true, true, true, true, true, true]);
    });

    it("matches no task that is on its way down, nothing of others, and nothing else of ECS", async () => {
      const down = ["PENDING", "RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING"];
      const event = readEvent("running-ec2");

      const answers = await ask([
        ...down.map((state) => inState("STOPPED", state)),
        { ...event, source: "evil.example" },
        { ...event, "detail-type": "ECS Container Instance State Change" },
      ]);

      assert.deepEqual(answers, [false, false, false, false, false, false, false]);
    });

    it("matches the listed clusters only, on the way up and at the end", async () => {
      const { clusterArn } = readEvent("running-ec2").detail;
      const events = [inState("RUNNING", "PENDING"), inState("STOPPED", "STOPPED")];

      assert.deepEqual(await ask(events, launchPattern([String(clusterArn)])), [true, true]);
      assert.deepEqual(await ask(events, launchPattern([`${clusterArn}-2`])), [false, false]);
    });
  });

  describe("the pattern for verdicts that a chat is told of", () => {
    const text = readFileSync(join(__dirname, "../../docs/events.md"), "utf8");
    const [, example] = [...text.matchAll(/^```json\n(.*?)^```/gms)].map(([, json = ""]) => JSON.parse(json));

    it("matches the environment's verdicts of the wanted statuses that people are told of, and no others", async () => {
      const pattern = verdictPattern("prod", ["denied"]);
      const { count: _, ...uncounted } = example.detail;
      const verdict = (changes: object) => ({
        ...example,
        detail: { ...uncounted, environment: "prod", status: "denied", count: 10, ...changes },
      });
      const events = [
        verdict({}),
        verdict({ status: "trusted" }),
        verdict({ environment: "dev" }),
        verdict({ count: undefined }),
        { ...verdict({}), source: "aws.ecs" },
      ];

      assert.deepEqual(await match(events.map((event) => ({ pattern, event }))), [true, false, false, false, false]);
    });
  });

  it("refuses a text that is no pattern, so that no answer is taken for a no", async () => {
    await assert.rejects(match([{ pattern: '{"source":"aws.ecs"}', event: readEvent("running-ec2") }]), /Match/);
  });
});
