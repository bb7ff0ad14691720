import assert from "node:assert/strict";
import { type ServiceStatus, statusLines, statusTable } from "../../../../cli/gate/status-text";
import { deploymentRecord } from "../../../support/deployment-records";

const HEAD = "arn:aws:ecs:eu-west-1:111122223333";
const REFUSED = "Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed.";

function statusWith(changes: Partial<ServiceStatus> = {}): ServiceStatus {
  return {
    service: { serviceArn: `${HEAD}:service/shop/web`, clusterArn: `${HEAD}:cluster/shop` },
    attachment: { state: "attached", mode: "enforce", stages: ["PRE_SCALE_UP", "POST_SCALE_UP"] },
    lastDeployment: undefined,
    opening: undefined,
    readiness: undefined,
    ...changes,
  };
}

function deployment(
  records: readonly ReturnType<typeof deploymentRecord>[] | undefined,
  status = "ROLLBACK_SUCCESSFUL",
) {
  const [createdAt, finishedAt] = [new Date("2026-06-15T12:00:00.123Z"), new Date("2026-06-15T12:01:00Z")];
  const at = { deployment: `${HEAD}:service-deployment/shop/web/d1`, createdAt, finishedAt };
  return { ...at, status, statusReason: REFUSED, records };
}

/** What is said below the table, without the service's name. */
const said = (changes: Partial<ServiceStatus>) =>
  statusLines(statusWith(changes))
    .slice(2)
    .map((line) => line.trim());

describe("the status of a service as text", () => {
  it("has nothing to say about a service that is attached and deployed", () => {
    assert.deepEqual(statusLines(statusWith({ lastDeployment: deployment(undefined, "SUCCESSFUL") })), []);
  });

  it("names our reason where ECS says only that a hook failed, of the last stage and of what is bad only", () => {
    const records = [
      deploymentRecord({ code: "signer-unavailable" }, { outcome: "waiting" }),
      deploymentRecord({ detail: "no signature\u001b[2J" }),
      deploymentRecord({ code: "signature-valid" }, { container: "proxy" }),
    ];

    const lines = said({ lastDeployment: deployment(records) });

    assert.deepEqual(lines, [
      `${HEAD}:service-deployment/shop/web/d1: ROLLBACK_SUCCESSFUL`,
      `ECS says: ${REFUSED}`,
      "The gate: The deployment was refused: ECS rolls it back.",
      "web: denied no-signature: team/app:1@aaaaaaaaaaaa: no signature\\u{1b}[2J (docs/runbook.md#no-signature)",
    ]);
  });

  it("has nothing to say about a success whose image could be verified only at the second try", () => {
    const records = [
      deploymentRecord({ code: "signer-unavailable" }, { outcome: "waiting" }),
      deploymentRecord({ code: "signature-valid" }, { outcome: "none" }),
    ];

    assert.deepEqual(said({ lastDeployment: deployment(records, "SUCCESSFUL") }), []);
  });

  it("looks for no other reason where nothing has failed", () => {
    const passed = [deploymentRecord({ code: "signature-valid" }, { outcome: "none" })];

    const lines = said({ lastDeployment: deployment(passed, "IN_PROGRESS") });

    assert.equal(lines.at(-1), "The gate let it go on: every image was trusted or exempt.");
  });

  it("says so if the gate has nothing to do with it, recorded nothing, or was not asked", () => {
    const passed = [deploymentRecord({ code: "signature-valid" }, { outcome: "none" })];

    assert.match(said({ lastDeployment: deployment(passed) })[2] ?? "", /^The gate let it go on: .* another one\.$/);
    assert.equal(said({ lastDeployment: deployment([]) })[2], "The gate has recorded nothing about it.");
    assert.equal(said({ lastDeployment: deployment(undefined) }).length, 2);
    const attachment = { state: "not-attached", mode: "enforce", stages: [] } as const;
    assert.equal(said({ attachment, lastDeployment: deployment([]) }).length, 2);
  });

  it("names the stages that are missing, an opening, and why it is not ready", () => {
    const opening = {
      kind: "open",
      id: "1",
      service: "all",
      from: "2026-06-15T12:00:00.000Z",
      reason: "incident",
    } as const;
    const reason = { kind: "denied-now", which: "previous", container: "web", code: "no-signature" } as const;

    const lines = said({
      attachment: { state: "attached-otherwise", mode: "audit", stages: ["PRE_SCALE_UP"] },
      opening: { ...opening, until: "2026-06-15T14:00:00.000Z" },
      readiness: { ready: "no", reasons: [reason], judged: 1 },
    });

    assert.match(lines[0] ?? "", /\(no hook at POST_SCALE_UP\)\. `gate attach` corrects it\.$/);
    assert.equal(lines[1], "The gate is open for every service until 2026-06-15T14:00:00.000Z: incident");
    assert.equal(lines[2], "Not ready: its previous revision would be refused: web: no-signature.");
  });

  it("says of a ready service if nothing of it was judged", () => {
    const lines = said({ readiness: { ready: "yes", reasons: [], judged: 0 } });

    assert.deepEqual(lines, ["Ready, but none of its deployments was judged in the last 14 days."]);
    assert.deepEqual(said({ readiness: { ready: "yes", reasons: [], judged: 3 } }), []);
  });

  it("is a table with a row for each service", () => {
    const other = statusWith({ attachment: { state: "not-attached", mode: "audit", stages: [] } });

    const lines = statusTable([statusWith({ lastDeployment: deployment([]) }), other], false).split("\n");

    assert.match(lines[0] ?? "", /^service +gate +last deployment +created +open until$/);
    assert.match(lines[1] ?? "", /^shop\/web +enforce +ROLLBACK_SUCCESSFUL +2026-06-15T12:00:00Z +-$/);
    assert.match(lines[2] ?? "", /^shop\/web +not attached +- +- +-$/);
  });
});
