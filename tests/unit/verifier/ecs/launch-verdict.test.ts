import assert from "node:assert/strict";
import { parseLaunchEvent } from "../../../../verifier/src/ecs/event";
import type { Launch, LaunchContainer } from "../../../../verifier/src/ecs/launch";
import { judgeLaunch, statusOfLaunch } from "../../../../verifier/src/ecs/launch-verdict";
import type { Judge } from "../../../../verifier/src/verification/judge";
import type { Status, Verdict } from "../../../../verifier/src/verification/verdict";
import { readEvent } from "../../../fixtures/ecs/read";

function verdictOf(status: Status): Verdict {
  return { status, code: "signature-valid", detail: "", reference: "", provisional: false, milliseconds: 0 };
}

function launchOf(...containers: LaunchContainer[]): Launch {
  return { ...parseLaunchEvent(readEvent("running-ec2")), containers };
}

const container = (name: string): LaunchContainer => ({
  name,
  image: `registry.example.com/${name}:1`,
  lastStatus: "PENDING",
});
const context = { containerNames: () => assert.fail("the task definition was asked for") };

describe("the status of a launch", () => {
  const table: [ReturnType<typeof statusOfLaunch>, Status[]][] = [
    ["trusted", ["trusted"]],
    ["trusted", ["trusted", "trusted"]],
    ["trusted", ["trusted", "exempt"]],
    ["trusted", ["exempt"]],
    ["trusted", []],
    ["inconclusive", ["inconclusive"]],
    ["inconclusive", ["trusted", "inconclusive", "exempt"]],
    ["denied", ["denied"]],
    ["denied", ["trusted", "denied"]],
    ["denied", ["inconclusive", "denied"]],
    ["denied", ["denied", "inconclusive", "exempt", "trusted"]],
  ];
  for (const [status, containers] of table) {
    it(`is ${status} for ${containers.join(", ") || "no containers"}`, () => {
      assert.equal(statusOfLaunch(containers), status);
    });
  }
});

describe("the verdict on a launch", () => {
  it("has one verdict for each container, in their order", async () => {
    const judge: Judge = async ({ container }) => verdictOf(container === "b" ? "denied" : "trusted");

    const { status, containers } = await judgeLaunch(launchOf(container("a"), container("b")), judge, context);

    assert.equal(status, "denied");
    assert.deepEqual(
      containers.map(({ container, verdict }) => [container, verdict.status]),
      [
        ["a", "trusted"],
        ["b", "denied"],
      ],
    );
  });

  it("judges the containers at the same time", async () => {
    let together: () => void = () => {};
    const both = new Promise<void>((resolve) => {
      together = resolve;
    });
    let waiting = 0;
    const judge: Judge = async () => {
      waiting += 1;
      if (waiting === 2) together();
      await both;
      return verdictOf("trusted");
    };

    const { status } = await judgeLaunch(launchOf(container("a"), container("b")), judge, context);

    assert.equal(status, "trusted");
  });

  it("judges what the event says of the GuardDuty agent by the task definition", async () => {
    const kinds: string[] = [];
    const judge: Judge = async ({ kind }) => {
      kinds.push(kind);
      return verdictOf("trusted");
    };
    const agent = { name: "aws-guardduty-agent-nm40lC", lastStatus: "RUNNING" };

    await judgeLaunch(launchOf(container("web"), agent), judge, { containerNames: async () => new Set(["web"]) });

    assert.deepEqual(kinds, ["image", "aws-injected"]);
  });
});
