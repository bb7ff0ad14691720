import assert from "node:assert/strict";
import type { AwsSecurityFinding, SecurityHubClient } from "@aws-sdk/client-securityhub";
import { toFindingBody } from "../../../../verifier/src/findings/finding-body";
import { importFindings, SecurityHubOffError, toBatches } from "../../../../verifier/src/findings/import-findings";
import { seenAgain, toAsff } from "../../../../verifier/src/findings/known-finding";
import { CONTEXT, findingFacts } from "../../../support/findings";
import { CLUSTER } from "../../../support/launch-events";
import { testHub } from "../../../support/security-hub";

/** So many findings, of containers `c0`, `c1` and so on. */
function findingsOf(count: number): readonly AwsSecurityFinding[] {
  return Array.from({ length: count }, (_, index) => {
    const body = toFindingBody(findingFacts({ container: `c${index}` }), CONTEXT);
    const seen = seenAgain(undefined, { id: body.Id ?? "", body, cluster: CLUSTER, image: "" }, "sweep", 0);
    return toAsff(seen ?? assert.fail("not seen"));
  });
}

const isContainer =
  (...names: readonly string[]) =>
  (id: string) =>
    names.some((name) => id.includes(`/${name}/`));
const containers = (ids: readonly string[]) => ids.map((id) => id.split("/")[6]);

describe("batches of findings", () => {
  const same = (finding: AwsSecurityFinding) => finding;

  it("have at most 100", () => {
    assert.deepEqual(
      toBatches(findingsOf(250), same).map(({ length }) => length),
      [100, 100, 50],
    );
    assert.deepEqual(toBatches([], same), []);
  });

  it("stay below the size of a call", () => {
    const large = findingsOf(100).map((finding) => ({
      ...finding,
      Note: { Text: "x".repeat(200_000), UpdatedBy: "", UpdatedAt: "" },
    }));

    const batches = toBatches(large, same);

    assert.ok(batches.length > 1);
    for (const batch of batches) assert.ok(Buffer.byteLength(JSON.stringify(batch)) < 6_000_000);
    assert.equal(batches.flat().length, 100);
  });
});

describe("a batch of findings", () => {
  it("arrives", async () => {
    const hub = testHub();

    const { ids, refused, stopped } = await importFindings(hub.client, findingsOf(3));

    assert.deepEqual([containers(ids), refused, stopped], [["c0", "c1", "c2"], [], undefined]);
    assert.equal(hub.findings.size, 3);
  });

  it("tells which finding Security Hub did not take, and why", async () => {
    const hub = testHub();
    hub.refuse(isContainer("c1"));

    const { ids, refused } = await importFindings(hub.client, findingsOf(3));

    assert.deepEqual(containers(ids), ["c0", "c2"]);
    assert.deepEqual(
      refused.map(({ id, reason }) => [...containers([id]), reason]),
      [["c1", "InvalidInput: Invalid parameter"]],
    );
  });

  it("is sent in halves where Security Hub refuses the call as a whole, until only what it does not take is left", async () => {
    const hub = testHub();
    hub.refuse(isContainer("c3", "c70"), "call");

    const { ids, refused, stopped } = await importFindings(hub.client, findingsOf(100));

    assert.equal(ids.length, 98);
    assert.deepEqual(containers(refused.map(({ id }) => id)), ["c3", "c70"]);
    assert.equal(stopped, undefined);
    assert.ok(hub.batches.length < 30, `${hub.batches.length} calls`);
  });

  for (const [state, reason] of [
    ["off", /^InvalidAccess: Account 111122223333 is not subscribed/],
    ["off, as an error", /^InvalidAccessException: Account 111122223333 is not subscribed/],
    ["denied", /^AccessDeniedException/],
    ["throttled", /^ThrottlingException/],
    ["answer lost", /socket hang up/],
  ] as const) {
    it(`is not sent, and not tried in parts, while Security Hub is ${state}`, async () => {
      const hub = testHub();
      hub.behave(state);

      const { ids, refused, stopped } = await importFindings(hub.client, findingsOf(3));

      assert.deepEqual([ids, refused, hub.batches], [[], [], [3]]);
      assert.match(stopped?.message ?? "", reason);
    });
  }

  for (const state of ["off", "off, as an error"] as const) {
    it(`says that Security Hub is ${state}`, async () => {
      const hub = testHub();
      hub.behave(state);

      const { stopped } = await importFindings(hub.client, findingsOf(3));

      assert.ok(stopped instanceof SecurityHubOffError);
    });
  }

  it("is refused nothing while Security Hub is off, and has sent what was taken before it was", async () => {
    const [taken, off, invalid] = findingsOf(3).map(({ Id }) => Id);
    const failed = [
      { Id: off, ErrorCode: "InvalidAccess", ErrorMessage: "not subscribed" },
      { Id: invalid, ErrorCode: "InvalidInput", ErrorMessage: "Invalid parameter" },
    ];
    const send = async () => ({ SuccessCount: 1, FailedCount: 2, FailedFindings: failed });

    const { ids, refused, stopped } = await importFindings({ send } as unknown as SecurityHubClient, findingsOf(3));

    assert.deepEqual([ids, refused], [[taken], []]);
    assert.ok(stopped instanceof SecurityHubOffError);
  });

  it("is not sent where Security Hub is off and does not name every finding that failed", async () => {
    const [first] = findingsOf(3);
    const failed = [{ Id: first?.Id, ErrorCode: "InvalidAccess", ErrorMessage: "not subscribed" }];
    const send = async () => ({ SuccessCount: 0, FailedCount: 3, FailedFindings: failed });

    const { ids, refused, stopped } = await importFindings({ send } as unknown as SecurityHubClient, findingsOf(3));

    assert.deepEqual([ids, refused], [[], []]);
    assert.ok(stopped instanceof SecurityHubOffError);
  });

  it("counts as not taken where Security Hub does not say which findings failed", async () => {
    const send = async () => ({ SuccessCount: 2, FailedCount: 1, FailedFindings: [] });

    const { ids, refused } = await importFindings({ send } as unknown as SecurityHubClient, findingsOf(3));

    assert.deepEqual(ids, []);
    assert.equal(refused.length, 3);
  });
});
