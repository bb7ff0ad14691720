import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EnableSecurityHubCommand, GetFindingsCommand, SecurityHubClient } from "@aws-sdk/client-securityhub";
import { AWS_CALLS, LEDGER_CALLS } from "../../verifier/src/aws-calls";
import { findingId } from "../../verifier/src/findings/finding-id";
import { createFindingTable, type FindingTable } from "../../verifier/src/findings/finding-table";
import { createFindings, type Findings } from "../../verifier/src/findings/findings";
import { createLedger } from "../../verifier/src/reporting/ledger";
import { ledgerTable } from "../../verifier/src/reporting/ledger/table";
import { reconcileFindings } from "../../verifier/src/sweep/reconcile-findings";
import { type TestClock, testClock } from "../support/clock";
import { CONTEXT, findingFacts } from "../support/findings";
import { CLUSTER, EVENT_TIME, REPOSITORY } from "../support/launch-events";
import { sweptImage } from "../support/swept-images";
import { clientOf } from "./support/account";
import { useDynamoDb } from "./support/dynamodb";
import { createLedgerTable } from "./support/ledger-table";
import { useMoto } from "./support/moto";
import { type HubServer, startHub } from "./support/security-hub";

const FACTS = findingFacts();
const ID = findingId(CONTEXT, FACTS);
const HOUR = 3_600_000;

describe("AWS: findings", () => {
  const moto = useMoto();
  const dynamodb = useDynamoDb();
  let clock: TestClock;
  let client: DynamoDBClient;
  let table: FindingTable;
  let hub: HubServer;
  let announced: string[];
  let unsent: number[];
  let unreached: string[];

  beforeEach(async () => {
    clock = testClock(EVENT_TIME);
    [announced, unsent, unreached] = [[], [], []];
    // Patient: many calls at once take long on a machine that has other things to do.
    const patience = { requestHandler: { connectionTimeout: 60_000, requestTimeout: 60_000 } };
    client = new DynamoDBClient({ ...LEDGER_CALLS, ...clientOf(dynamodb().address), ...patience });
    table = createFindingTable(ledgerTable(await ledgerOptions()));
    hub = await startHub();
  });
  afterEach(async () => {
    client.destroy();
    await hub.close();
  });

  /** A ledger's table of its own. */
  async function ledgerOptions() {
    const name = `findings-${randomUUID()}`;
    await createLedgerTable(client, name);
    const onUnavailable = (reason: string) => void unreached.push(reason);
    return { client, table: name, now: clock.now, pause: sleep, days: 14, onUnavailable };
  }

  async function findingsOf(address = hub.address): Promise<Findings> {
    return createFindings({
      context: CONTEXT,
      client: new SecurityHubClient({ ...AWS_CALLS, ...clientOf(address), maxAttempts: 2 }),
      table,
      ledger: createLedger(await ledgerOptions()),
      delivery: { announce: async ({ text }) => void announced.push(text) },
      log: { failure: () => {} },
      now: clock.now,
      onUnsent: (count) => void unsent.push(count),
    });
  }

  it("are opened, updated and archived in Security Hub, as moto plays it", async () => {
    const securityHub = new SecurityHubClient(clientOf(moto().address));
    await securityHub.send(new EnableSecurityHubCommand({}));
    // moto's Security Hub is shared by the tests of a run, and does not filter.
    const own = async () => {
      const { Findings: all = [] } = await securityHub.send(new GetFindingsCommand({}));
      return all.find(({ Id }) => Id === ID);
    };
    const findings = await findingsOf(moto().address);

    await findings.launchFailed(FACTS);
    const opened = await own();
    await clock.pass(HOUR);
    await findings.launchFailed({ ...FACTS, code: "signature-revoked" });
    const updated = await own();
    await findings.launchPassed(FACTS);
    const closed = await own();

    assert.deepEqual([opened?.GeneratorId, opened?.RecordState], ["ecs-image-verification/no-signature", "ACTIVE"]);
    assert.deepEqual(
      [updated?.GeneratorId, updated?.CreatedAt, updated?.UpdatedAt],
      ["ecs-image-verification/signature-revoked", "2026-06-15T12:00:00.000Z", "2026-06-15T13:00:00.000Z"],
    );
    assert.deepEqual([closed?.RecordState, closed?.Compliance?.Status], ["ARCHIVED", "PASSED"]);
    securityHub.destroy();
  });

  it("come back from the table as they were written", async () => {
    const findings = await findingsOf();
    await findings.launchFailed(FACTS);

    const [known] = (await table.readAll()) as readonly object[];

    assert.deepEqual(known, await table.read(ID));
    const { body, ...others } = (await table.read(ID)) as { body: { Id: string; Title: string } };
    assert.deepEqual([body.Id, body.Title], [ID, "Container image is denied: no-signature"]);
    const time = EVENT_TIME.getTime();
    assert.deepEqual(others, {
      id: ID,
      state: "active",
      cluster: CLUSTER,
      image: `${REPOSITORY}@${FACTS.digest}`,
      createdAt: time,
      observedAt: time,
      updatedAt: time,
      launchedAt: time,
      sentAt: time,
    });
  });

  it("are written once where twenty launches see them at the same time", async () => {
    const findings = await findingsOf();

    await Promise.all(Array.from({ length: 20 }, () => findings.launchFailed(FACTS)));

    assert.deepEqual(hub.hub.batches, [1]);
    assert.deepEqual(unreached, []);
  });

  for (const [state, reason] of [
    [
      "off",
      /InvalidAccess: Account 111122223333 is not subscribed to AWS Security Hub[\s\S]*Next +Turn on Security Hub/,
    ],
    ["off, as an error", /InvalidAccessException: Account 111122223333 is not subscribed to AWS Security Hub/],
    ["denied", /AccessDeniedException: User is not authorized/],
    ["throttled", /ThrottlingException: Rate exceeded/],
    ["answer lost", /Why/],
  ] as const) {
    it(`are kept while Security Hub is ${state}, told once, and sent when it is well`, async () => {
      const findings = await findingsOf();
      hub.hub.behave(state);
      await findings.launchFailed(FACTS);
      await findings.flush();
      await findings.flush();

      hub.hub.behave("on");
      await findings.flush();

      assert.deepEqual(hub.hub.active(), [ID]);
      assert.deepEqual(unsent, [1, 1]);
      assert.equal(announced.length, 1);
      assert.match(announced[0] ?? "", reason);
    });
  }

  it("are sent where others are refused, one by one or with the whole call", async () => {
    const findings = await findingsOf();
    const facts = ["web", "proxy", "log"].map((container) => ({ ...FACTS, container }));
    for (const how of ["one", "call"] as const) {
      hub.hub.refuse((id) => id.includes("/proxy/"), how);
      await findings.report(facts);
      await findings.flush();
    }

    assert.deepEqual(
      hub.hub.active().map((id) => id.split("/")[6]),
      ["log", "web"],
    );
    assert.deepEqual(unsent, [1, 1]);
    hub.hub.refuse(() => false);
    await findings.flush();
    assert.equal(hub.hub.active().length, 3);
  });

  it("of a sweep are written and sent, and archived by the next one", async () => {
    const findings = await findingsOf();
    const digests = Array.from({ length: 250 }, (_, index) => `sha256:${index.toString(16).padStart(64, "0")}`);
    const images = digests.map((digest) => sweptImage({ digest }));
    const readClusters = new Set([CLUSTER]);

    await reconcileFindings(findings, images, { startedAt: clock.now(), readClusters });
    assert.equal(hub.hub.active().length, 250);
    await clock.pass(2 * HOUR);
    await reconcileFindings(findings, images.slice(0, 10), { startedAt: clock.now(), readClusters });

    assert.equal(hub.hub.active().length, 10);
    assert.deepEqual(hub.hub.batches, [100, 100, 50, 100, 100, 40]);
    assert.deepEqual(unreached, []);
  });
});
