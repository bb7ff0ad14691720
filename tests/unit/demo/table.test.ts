import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { deploymentTable } from "../../../local/demo/deployments/table";
import { taskEvent } from "../../../local/demo/events";
import { exampleMessage } from "../../../local/demo/example-message";
import { isAsExpected, type Row } from "../../../local/demo/play";
import { summarize, summaryText } from "../../../local/demo/summary";
import { sweepTable } from "../../../local/demo/sweep/table";
import { verdictTable } from "../../../local/demo/table";
import { parseLaunchEvent } from "../../../verifier/src/ecs/event";
import { sweptImage, sweptPlace } from "../../support/swept-images";

const REGISTRY = "127.0.0.1:40001";
const DIGEST = `sha256:0123456789ab${"f".repeat(52)}`;
const IMAGE = `${REGISTRY}/shop/web:1.0`;
const PLACE = { region: "eu-west-1", account: "111122223333" };
const TIME = new Date("2026-03-02T08:15:00Z");
const MESSAGE = { subject: "DENIED no-signature: web in demo", text: "DENIED: no-signature\nImage     web" };
const EFFECTS = { stops: 1, rollBacks: 0, messages: 1, events: 2 };

const WIDE = { registry: REGISTRY, color: false, width: 160 };

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

const TAKE = {
  deployment: { serviceArn: "", deploymentArn: "", revisionArn: "" },
  stage: "POST_SCALE_UP",
  mode: "enforce",
  expected: { verdict: "denied no-signature", answer: "FAILED", isTold: true },
} as const;

describe("the demo's table", () => {
  it("leaves out the registry that all know and shortens digests", () => {
    const text = verdictTable([rowOf()], WIDE);

    assert.match(text, /PENDING +web +shop\/web:1\.0 +0123456789ab +denied +no-signature +- +stopped +yes +7$/m);
  });

  it("has a dash where nobody was told", () => {
    const text = verdictTable([rowOf({ response: "retry", message: undefined })], WIDE);

    assert.match(text, / retry +- +7$/m);
  });

  it("has one line for the scene, however many rows it has", () => {
    const text = verdictTable([rowOf(), rowOf()], WIDE);

    assert.equal(text.split("\n").filter((line) => line === "unsigned").length, 1);
    assert.equal(text.split("\n").length, 4);
  });

  for (const width of [80, 120, 160, 250]) {
    it(`fits a terminal of ${width} columns, and 160 columns, whatever the names`, () => {
      const long = "x".repeat(200);
      const profileVersion = `arn:aws:signer:eu-west-1:111122223333:/signing-profiles/${"p".repeat(64)}/AbCdEfGhIj`;
      const row = rowOf({
        scene: "words ".repeat(25),
        container: long,
        image: `${long}/${long}:${long}`,
      });
      const verdict = {
        ...row.verdict,
        status: "inconclusive",
        code: "registry-access-denied",
        provisional: true,
        milliseconds: 1_234_567,
        signature: { digest: DIGEST, profileVersion },
      } as const;
      const launched = { ...row, verdict, response: "rolled-back-and-stopped" } as const;
      const answer = { hookStatus: "IN_PROGRESS", callBackDelay: 30 } as const;
      const { code } = verdict;
      const places = [sweptPlace({ container: long })];
      const image = sweptImage({ reference: `${long}/${long}`, code, places, before: { status: "denied", code } });
      const options = { ...WIDE, color: true, width };

      const tables = [
        verdictTable([launched], options),
        deploymentTable([{ ...launched, take: TAKE, answer, response: "already-running" }], options),
        sweepTable([{ ...launched, image, expected: { verdict: "", isTold: true } }], options),
      ];

      for (const table of tables) {
        const widths = stripVTControlCharacters(table)
          .split("\n")
          .map((line) => line.length);
        assert.ok(Math.max(...widths) <= Math.min(width, 160), `${Math.max(...widths)} columns:\n${table}`);
      }
    });
  }

  it("leaves out on a narrow terminal what is least missed, and says so", () => {
    const text = verdictTable([rowOf()], { ...WIDE, width: 80 });
    const wide = verdictTable([rowOf()], WIDE);

    assert.match(text, /^ {2}Task +Container +Image +Status +Code +Enforcement$/m);
    assert.match(text, /\n\(Too narrow here for: Digest, Signer, Notified, ms\.\)$/);
    assert.doesNotMatch(wide, /Too narrow/);
  });

  it("has no escape sequences without color", () => {
    const text = verdictTable([rowOf()], WIDE);

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
