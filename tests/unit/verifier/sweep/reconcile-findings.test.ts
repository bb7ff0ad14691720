import assert from "node:assert/strict";
import { findingId } from "../../../../verifier/src/findings/finding-id";
import { reconcileFindings, type SweepReading } from "../../../../verifier/src/sweep/reconcile-findings";
import type { SweptImage } from "../../../../verifier/src/sweep/swept-image";
import { CONTEXT, findingFacts, memoryFindings, testFindings } from "../../../support/findings";
import { CLUSTER, DIGEST, OTHER_DIGEST, REPOSITORY } from "../../../support/launch-events";
import { sweptImage, sweptPlace } from "../../../support/swept-images";

const HOUR = 3_600_000;
const OTHER_CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/jobs";
const FACTS = findingFacts();
const ID = findingId(CONTEXT, FACTS);
const OTHER_REPOSITORY = {
  repository: "registry.example/playground/app",
  reference: `registry.example/playground/app:1@${DIGEST}`,
} as const;

/** Findings with one that a launch opened two hours ago. */
async function withOpenFinding() {
  const findings = testFindings();
  await findings.launchFailed(FACTS);
  await findings.clock.pass(2 * HOUR);
  const sweep = (images: readonly SweptImage[], reading: Partial<SweepReading> = {}) =>
    reconcileFindings(findings, images, {
      startedAt: findings.clock.now(),
      readClusters: new Set([CLUSTER]),
      ...reading,
    });
  return { findings, sweep, state: () => findings.hub.findings.get(ID) };
}

describe("the findings of a sweep", () => {
  it("are one for each place of an image that is denied or inconclusive, and none of others", async () => {
    const findings = testFindings();
    const places = [sweptPlace(), sweptPlace({ container: "proxy" }), sweptPlace({ cluster: OTHER_CLUSTER })];
    const images = [
      sweptImage({ places }),
      sweptImage({ digest: OTHER_DIGEST, code: "signer-unavailable" }),
      sweptImage({ digest: `sha256:${"e".repeat(64)}`, code: "signature-valid" }),
      sweptImage({ digest: `sha256:${"f".repeat(64)}`, code: "exempted" }),
    ];

    await reconcileFindings(findings, images, { startedAt: 0, readClusters: new Set([CLUSTER, OTHER_CLUSTER]) });

    const begin = "ecs-image-verification/111122223333/eu-west-1/prod";
    assert.deepEqual(findings.hub.active(), [
      `${begin}/jobs/service:shop/web/${REPOSITORY}@${DIGEST}`,
      `${begin}/orders/service:shop/proxy/${REPOSITORY}@${DIGEST}`,
      `${begin}/orders/service:shop/web/${REPOSITORY}@${DIGEST}`,
      `${begin}/orders/service:shop/web/${REPOSITORY}@${OTHER_DIGEST}`,
    ]);
  });

  it("are the same as those of launches: neither makes a second one", async () => {
    const { findings, sweep } = await withOpenFinding();

    await sweep([sweptImage()]);

    assert.deepEqual(findings.hub.active(), [ID]);
    assert.deepEqual(findings.hub.batches, [1], "nothing new was sent");
  });

  it("are archived as passed when the image passes", async () => {
    const { sweep, state } = await withOpenFinding();

    await sweep([sweptImage({ code: "signature-valid" })]);

    assert.deepEqual([state()?.RecordState, state()?.Compliance?.Status], ["ARCHIVED", "PASSED"]);
  });

  it("are archived as gone when the image no longer runs, though its digest passes in another repository", async () => {
    const { sweep, state } = await withOpenFinding();

    await sweep([sweptImage({ code: "exempted", key: "other", ...OTHER_REPOSITORY })]);

    assert.deepEqual([state()?.RecordState, state()?.Compliance?.Status], ["ARCHIVED", "NOT_AVAILABLE"]);
  });

  it("are two where two repositories have the same digest at a place", async () => {
    const { findings, sweep } = await withOpenFinding();

    await sweep([sweptImage(), sweptImage({ key: "other", ...OTHER_REPOSITORY })]);

    const other = findingId(CONTEXT, { ...FACTS, reference: OTHER_REPOSITORY.reference });
    assert.deepEqual(findings.hub.active(), [ID, other].sort());
  });

  it("are archived although not all places of another repository's same digest are listed", async () => {
    const { findings, sweep } = await withOpenFinding();

    await sweep([sweptImage({ key: "other", ...OTHER_REPOSITORY, places: [], morePlaces: 3 })]);

    assert.deepEqual(findings.hub.active(), []);
  });

  it("are archived when the image no longer runs", async () => {
    const { sweep, state } = await withOpenFinding();

    await sweep([]);

    assert.deepEqual([state()?.RecordState, state()?.Compliance?.Status], ["ARCHIVED", "NOT_AVAILABLE"]);
  });

  it("are archived at the place where the image no longer runs, though it runs elsewhere", async () => {
    const { findings, sweep, state } = await withOpenFinding();

    await sweep([sweptImage({ places: [sweptPlace({ container: "proxy" })] })]);

    assert.equal(state()?.RecordState, "ARCHIVED");
    assert.equal(findings.hub.active().length, 1);
  });

  it("come back when the image runs again", async () => {
    const { findings, sweep } = await withOpenFinding();
    await sweep([]);

    await sweep([sweptImage()]);

    assert.deepEqual(findings.hub.active(), [ID]);
  });

  const kept: readonly (readonly [string, readonly SweptImage[], Partial<SweepReading>])[] = [
    ["its cluster was not read", [], { readClusters: new Set([OTHER_CLUSTER]) }],
    ["its cluster is there and was not read", [], { readClusters: new Set(), listedClusters: new Set([CLUSTER]) }],
    ["not all places of the image are listed", [sweptImage({ places: [], morePlaces: 3 })], {}],
  ];
  for (const [why, images, reading] of kept) {
    it(`stay while ${why}`, async () => {
      const { findings, sweep } = await withOpenFinding();

      await sweep(images, reading);

      assert.deepEqual(findings.hub.active(), [ID]);
    });
  }

  it("are archived when their cluster is gone", async () => {
    const { findings, sweep } = await withOpenFinding();

    await sweep([], { readClusters: new Set([OTHER_CLUSTER]), listedClusters: new Set([OTHER_CLUSTER]) });

    assert.deepEqual(findings.hub.active(), []);
  });

  it("stay while their launch is too new for the list that the sweep has read", async () => {
    const { findings, sweep } = await withOpenFinding();
    const startedAt = findings.clock.now();
    await findings.launchFailed(FACTS);

    await sweep([], { startedAt });

    assert.deepEqual(findings.hub.active(), [ID]);
  });

  it("stay after such a launch, also where an earlier sweep had opened them", async () => {
    const findings = testFindings();
    const reading = { startedAt: findings.clock.now(), readClusters: new Set([CLUSTER]) };
    await reconcileFindings(findings, [sweptImage()], reading);
    await findings.launchFailed(FACTS);

    await reconcileFindings(findings, [], reading);

    assert.deepEqual(findings.hub.active(), [ID]);
  });

  it("say the bad verdict where two images of one digest run at a place", async () => {
    const { findings, sweep } = await withOpenFinding();

    await sweep([sweptImage({ code: "signature-valid", key: "elsewhere" }), sweptImage()]);

    assert.deepEqual(findings.hub.active(), [ID]);
  });

  it("are sent later what could not be sent at a launch", async () => {
    const findings = testFindings();
    findings.hub.behave("throttled");
    await findings.launchFailed(FACTS);
    findings.hub.behave("on");

    await reconcileFindings(findings, [sweptImage()], { startedAt: 0, readClusters: new Set([CLUSTER]) });

    assert.deepEqual(findings.hub.active(), [ID]);
  });

  it("are not changed while the ledger cannot be reached", async () => {
    const table = memoryFindings();
    const findings = testFindings({ table });
    await findings.launchFailed(FACTS);
    table.isReached = false;

    await reconcileFindings(findings, [], { startedAt: 0, readClusters: new Set([CLUSTER]) });

    assert.deepEqual(findings.hub.active(), [ID]);
  });

  it("of thousands of places are sent a hundred at a time", async () => {
    const findings = testFindings();
    const images = Array.from({ length: 500 }, (_, image) => {
      const digest = `sha256:${image.toString(16).padStart(64, "0")}`;
      return sweptImage({ digest, places: [0, 1, 2, 3].map((place) => sweptPlace({ container: `c${place}` })) });
    });
    const reading = { startedAt: 0, readClusters: new Set([CLUSTER]) };

    await reconcileFindings(findings, images, reading);
    assert.equal(findings.hub.active().length, 2000);
    assert.deepEqual(findings.hub.batches, Array(20).fill(100));
    await reconcileFindings(findings, images, reading);

    assert.equal(findings.hub.batches.length, 20, "nothing has changed");
  });
});
