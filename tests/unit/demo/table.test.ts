import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { taskEvent } from "../../../local/demo/events";
import { exampleMessage } from "../../../local/demo/example-message";
import { isAsExpected, type Row } from "../../../local/demo/play";
import { summarize, summaryText } from "../../../local/demo/summary";
import { verdictTable } from "../../../local/demo/table";
import { parseLaunchEvent } from "../../../verifier/src/ecs/event";

const REGISTRY = "127.0.0.1:40001";
const DIGEST = `sha256:0123456789ab${"f".repeat(52)}`;
const IMAGE = `${REGISTRY}/shop/web:1.0`;
const PLACE = { region: "eu-west-1", account: "111122223333" };
const TIME = new Date("2026-03-02T08:15:00Z");
const MESSAGE = { subject: "DENIED no-signature: web in demo", text: "DENIED: no-signature\nImage     web" };
const EFFECTS = { stops: 1, rollBacks: 0, messages: 1, events: 2 };

function rowOf(change: Partial<Row> = {}): Row {
  const container = { name: "web", image: IMAGE, digest: DIGEST };
  const task = { family: "web", launchType: "EC2", lastStatus: "PENDING", version: 2, createdAt: TIME } as const;
  return {
    scene: "unsigned",
    launch: parseLaunchEvent(taskEvent({ ...task, containers: [container] }, PLACE, TIME)),
    container: "web",
    image: IMAGE,
    verdict: {
      status: "denied",
      code: "no-signature",
      detail: "the registry lists no signature of this image",
      reference: IMAGE,
      digest: DIGEST,
      provisional: false,
      milliseconds: 7,
    },
    response: "stopped",
    message: MESSAGE,
    expected: "denied no-signature",
    expectedResponse: "stopped",
    isToldOf: true,
    ...change,
  };
}

describe("the demo's table", () => {
  it("leaves out the registry that all know and shortens digests", () => {
    const text = verdictTable([rowOf()], { registry: REGISTRY, color: false });

    assert.match(text, /PENDING +web +shop\/web:1\.0 +0123456789ab +denied +no-signature +- +stopped +yes +7$/m);
  });

  it("has a dash where nobody was told", () => {
    const text = verdictTable([rowOf({ response: "retry", message: undefined })], { registry: REGISTRY, color: false });

    assert.match(text, / retry +- +7$/m);
  });

  it("has one line for the scene, however many rows it has", () => {
    const text = verdictTable([rowOf(), rowOf()], { registry: REGISTRY, color: false });

    assert.equal(text.split("\n").filter((line) => line === "unsigned").length, 1);
    assert.equal(text.split("\n").length, 4);
  });

  it("is at most 160 columns wide, whatever the names", () => {
    const long = "x".repeat(200);
    const profileVersion = `arn:aws:signer:eu-west-1:111122223333:/signing-profiles/${"p".repeat(64)}/AbCdEfGhIj`;
    const row = rowOf({ container: long, image: `${long}.example/${long}:${long}` });
    const verdict = {
      ...row.verdict,
      status: "inconclusive",
      code: "registry-access-denied",
      provisional: true,
      milliseconds: 1_234_567,
      signature: { digest: DIGEST, profileVersion },
    } as const;
    const response = "rolled-back-and-stopped";

    const text = verdictTable([{ ...row, verdict, response }], { registry: REGISTRY, color: true });

    const widths = stripVTControlCharacters(text)
      .split("\n")
      .map((line) => line.length);
    assert.ok(Math.max(...widths) <= 160, `${Math.max(...widths)} columns`);
  });

  it("has no escape sequences without color", () => {
    const text = verdictTable([rowOf()], { registry: REGISTRY, color: false });

    assert.equal(text, stripVTControlCharacters(text));
  });
});

const launches = (rows: readonly Row[]) => ({ rows, deployments: [], sweeps: { rows: [] } });

describe("the demo's summary", () => {
  it("counts each task and container once, however often they are judged", () => {
    const summary = summarize(launches([rowOf(), rowOf()]), EFFECTS, 4.26);

    assert.deepEqual(summary, {
      ...{ launches: 1, containers: 1, verdicts: 2, deployments: 0, refused: 0, running: 0, runningDenied: 0 },
      ...EFFECTS,
      unexpected: 0,
      seconds: 4.3,
    });
    assert.equal(
      summaryText(launches([]), summary),
      "1 launches, 1 containers; 0 deployments, 0 refused; 0 images swept, 0 denied: all as expected.\n" +
        "Launches: 1 stopped, 0 rolled back, 1 messages, 2 events. 4.3 s.",
    );
  });

  it("says of what is not as expected what was wanted, what came, and why", () => {
    const played = launches([rowOf({ expected: "trusted signature-valid", expectedResponse: "none" })]);

    const text = summaryText(played, summarize(played, EFFECTS, 1));

    assert.match(
      text,
      /^1 launches, 1 containers; 0 deployments, 0 refused; 0 images swept, 0 denied: 1 not as expected\.\nLaunches: 1 stopped, .* 1 s\.\n/,
    );
    assert.match(
      text,
      /unsigned: web: expected trusted signature-valid, none, not notified; got denied no-signature, /,
    );
    assert.match(text, / stopped, notified \(the registry lists no signature of this image\)$/);
  });

  it("takes another response, a message too few, and a container that no scene has, for unexpected", () => {
    assert.equal(isAsExpected(rowOf()), true);
    assert.equal(isAsExpected(rowOf({ expectedResponse: "rolled-back-and-stopped" })), false);
    assert.equal(isAsExpected(rowOf({ message: undefined })), false);
    assert.equal(isAsExpected(rowOf({ expected: undefined })), false);
  });
});

describe("the demo's example of a message", () => {
  it("is the one about a service's deployment", () => {
    const message = { ...MESSAGE, subject: "DENIED no-signature: checkout in demo" };

    const text = exampleMessage([rowOf(), rowOf({ response: "rolled-back-and-stopped", message })]);

    assert.match(text, /^ {2}Subject: DENIED no-signature: checkout in demo\n\n {2}DENIED: no-signature\n {2}Image/m);
  });

  it("says so when there was none", () => {
    assert.equal(exampleMessage([rowOf({ message: undefined })]), "No message was sent.");
  });
});
