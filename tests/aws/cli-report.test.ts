// Logs, table and key are moto's and DynamoDB Local's; ECS is a stand-in over HTTP, since moto 5.2.5 knows no hooks.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { ReportModel } from "../../automation/operations/report/report-model";
import { type LocalAws, startAws } from "../../local/aws";
import type { VerdictRecord } from "../../verifier/src/reporting/record-schema";
import { SWEEPS, SWEPT_IMAGES } from "../../verifier/src/sweep/sweep-store";
import type { SweptImage } from "../../verifier/src/sweep/swept-image";
import { HOSTILE } from "../support/busy-report";
import { type DeployedServices, deployedServices } from "../support/deployed-services";
import { GATE, gateHook } from "../support/gate-hooks";
import {
  digestOf,
  ECS,
  launchRecord,
  REGISTRY,
  type RecordedLaunch,
  RUN,
  sweepOf,
  sweptImage,
} from "../support/report-facts";
import { clientOf } from "./support/account";
import { type CommandLine, commandLine } from "./support/command-line";
import { createLogGroup, type LogGroup } from "./support/log-group";
import { useAws } from "./support/scene";

const HOUR_MS = 3_600_000;

describe("AWS: ecs-image-verification report", function () {
  this.timeout(60_000);
  const aws = useAws();
  let folder: string;
  let ecs: LocalAws;
  let services: DeployedServices;
  let log: LogGroup;
  let cli: CommandLine;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "report-"));
    services = deployedServices(ECS, "shop", Date.now);
    ecs = await startAws(services.answers);
    log = await createLogGroup(aws().address);
    cli = await startCli();
  });
  afterEach(async () => {
    await cli?.close();
    await ecs?.close();
    await rm(folder, { recursive: true, force: true });
  });

  function startCli(changes: Parameters<typeof commandLine>[1] = {}) {
    const {
      ORDERS_TABLE: ordersTable,
      ORDERS_KEY_ARN: ordersKeyArn,
      LEDGER_TABLE: ledgerTable,
    } = aws().account.resources;
    return commandLine(aws().address, {
      mode: "audit",
      logGroup: log.name,
      ledgerTable,
      ordersTable,
      ordersKeyArn,
      exemptionHours: 8,
      ...changes,
    });
  }

  const report = (...words: readonly string[]) =>
    cli.run(["report", "--outputs", cli.outputs, ...words], { AWS_ENDPOINT_URL_ECS: ecs.url });
  const reportModel = async (...words: readonly string[]): Promise<ReportModel> => {
    const { code, stdout, stderr } = await report("--json", ...words);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };

  /** Writes what a sweep writes. */
  async function sweep(images: readonly SweptImage[], of: Parameters<typeof sweepOf>[1] = {}): Promise<void> {
    const summary = sweepOf(images, of);
    await putItems([
      ...images.map((image) => [SWEPT_IMAGES, image.key, image] as const),
      [SWEEPS, summary.run, summary],
    ]);
  }

  async function putItems(items: readonly (readonly [string, string, object])[]): Promise<void> {
    const client = new DynamoDBClient(clientOf(aws().address));
    for (const [task, entry, value] of items) {
      const Item = { task: { S: task }, entry: { S: entry }, json: { S: JSON.stringify(value) } };
      await client.send(new PutItemCommand({ TableName: aws().account.resources.LEDGER_TABLE ?? "", Item }));
    }
    client.destroy();
  }

  const launched = (launch: RecordedLaunch = {}) =>
    launchRecord({ createdAt: new Date(Date.now() - HOUR_MS), ...launch }) as VerdictRecord;

  it("says what ran at the last sweep, what was only audited, and that there is no gate", async () => {
    await sweep([sweptImage(1), sweptImage(2, { code: "no-signature", containers: 3 })]);
    await log.putVerdicts([
      launched({ task: "a", image: 2 }),
      launched({ task: "b", code: "signature-valid", response: "none" }),
    ]);

    const { running, wouldStop, exposure, coverage, sources } = await reportModel();

    assert.deepEqual(
      running?.images.map(({ digest, status }) => [digest, status]),
      [
        [digestOf(2), "denied"],
        [digestOf(1), "trusted"],
      ],
    );
    assert.deepEqual(
      wouldStop?.rows?.map(({ group, code, runsNow }) => [group, code, runsNow]),
      [["service:web", "no-signature", true]],
    );
    assert.deepEqual([exposure?.toVerdict?.median, exposure?.notStopped], [2000, 1]);
    assert.equal(coverage.gate, null);
    assert.deepEqual(
      sources.map(({ name, state }) => `${state}: ${name}`),
      [
        "read: Sweep of what runs",
        "read: Verdicts of the launch detector",
        "absent: Verdicts of the deployment gate",
        "absent: Verdicts of the sweep",
        "absent: Services and their hooks",
        "read: Orders of the moment",
        "absent: Exemptions of the trust document",
      ],
    );
  });

  it("leaves out what an earlier sweep found and the last did not", async () => {
    await sweep([sweptImage(7, { run: "2026-06-15T06:00:00.000Z" })], { run: "2026-06-15T06:00:00.000Z" });
    await sweep([sweptImage(1)]);

    const { running } = await reportModel();

    assert.deepEqual(
      running?.images.map(({ digest }) => digest),
      [digestOf(1)],
    );
  });

  it("reads what a newer sweep wrote, and counts what it cannot read", async () => {
    const images = [sweptImage(1, { code: "no-signature" }), sweptImage(2)];
    const ofLater = <Value extends object>(value: Value) => ({ ...value, ofLater: 1 });
    const places = images[0]?.places.map((place) => ofLater({ ...place, task: ofLater(place.task) }));
    const summary = sweepOf(images, { images: 3 });
    await putItems([
      ...images.map((image) => [SWEPT_IMAGES, image.key, ofLater({ ...image, places })] as const),
      [SWEPT_IMAGES, "third", { ...sweptImage(3), code: "from-the-future" }],
      [SWEEPS, summary.run, ofLater(summary)],
    ]);

    const { running, sources } = await reportModel();

    assert.deepEqual(
      running?.images.map(({ code }) => code),
      ["no-signature", "signature-valid"],
    );
    assert.match(
      sources.map(({ state, detail }) => `${state}: ${detail}`).join("\n"),
      /^partly: 2 images at \S+ 1 image of the table cannot be read by this version, and may be denied\./,
    );
  });

  it("does not take a summary that it cannot read for no sweep, nor unreadable orders for none", async () => {
    await putItems([[SWEEPS, RUN, { of: "another kind" }]]);
    const client = new DynamoDBClient(clientOf(aws().address));
    const Item = { digest: { S: digestOf(1) }, id: { S: "o1" } };
    await client.send(new PutItemCommand({ TableName: aws().account.resources.ORDERS_TABLE ?? "", Item }));
    client.destroy();

    const { code, stdout, stderr } = await report();

    assert.equal(code, 0);
    assert.match(stdout, /\nWHAT RUNS\nNot known: the sweep could not be read\./);
    assert.match(
      stderr,
      /^Not read: Sweep of what runs\. The summary of the last sweep cannot be read by this version/,
    );
    assert.match(stderr, /\nNot all read: Orders of the moment\. 0 blocks and exemptions\. 1 item of the table cannot/);
  });

  it("reports from the log alone where there was no sweep", async () => {
    await log.putVerdicts([launched()]);

    const { code, stdout } = await report();

    assert.equal(code, 0);
    assert.match(stdout, /\nWHAT RUNS\nNot known: there was no sweep\./);
    assert.match(stdout, /\nshop\/web +launch +no-signature +1 /);
  });

  it("looks as far back as --days says", async () => {
    const old = new Date(Date.now() - 50 * HOUR_MS);
    await log.putVerdicts([launched({ createdAt: old })], old);

    const [day, week] = [await reportModel("--days", "1"), await reportModel()];

    assert.deepEqual([day.wouldStop?.rows?.length, week.wouldStop?.rows?.length], [0, 1]);
  });

  it("says which services have the gate, with an exemption of the moment", async () => {
    await cli.close();
    cli = await startCli({
      gateTargetArn: GATE.targetArn,
      gateInvokerRoleArn: GATE.roleArn,
      gateMode: "audit",
      gateLogGroup: log.name,
    });
    services.put("web", { hooks: [gateHook()] });
    services.put("api", {});
    const image = `${REGISTRY}/team/app@${digestOf(1)}`;
    const words = [
      "exempt",
      "add",
      image,
      "--outputs",
      cli.outputs,
      "--for",
      "2h",
      "--owner",
      "ops",
      "--reason",
      "incident",
    ];
    const given = await cli.run(words);
    assert.equal(given.code, 0, given.stderr);

    const { coverage, ending } = await reportModel();

    assert.deepEqual([coverage.gate?.services, coverage.gate?.gated], [2, 1]);
    assert.deepEqual(
      ending.orders?.map(({ source, state, owner }) => [source, state, owner]),
      [["exempt", "in-force", "ops"]],
    );
    assert.equal(ending.exemptions, null);
  });

  it("leaves out what the canary is there for, and nothing else in its cluster", async () => {
    await cli.close();
    const { taskDefinition } = launched({ task: "a", image: 7, service: "canary" });
    cli = await startCli({
      canaryCluster: `${ECS}:cluster/canary`,
      canaryTaskDefinition: taskDefinition,
      canaryDigest: digestOf(7),
    });
    const inCanary = (launch: RecordedLaunch) => ({ ...launched(launch), cluster: `${ECS}:cluster/canary` });
    await log.putVerdicts([
      inCanary({ task: "a", image: 7, service: "canary" }),
      inCanary({ task: "b", image: 8, service: "intruder" }),
    ]);

    const { wouldStop, exposure, history } = await reportModel();

    assert.deepEqual(
      wouldStop?.rows?.map(({ group }) => group),
      ["service:intruder"],
    );
    assert.deepEqual([exposure?.notStopped, history?.verdicts.denied, history?.canaryVerdicts], [1, 1, 1]);
  });

  it("writes one page to a file, and never over one that is there unasked", async () => {
    await sweep([sweptImage(1, { code: "reference-invalid", repository: HOSTILE, reference: HOSTILE })]);
    const file = join(folder, "report.html");

    const first = await report("--format", "html", "--out", file);
    const page = await readFile(file, "utf8");
    await writeFile(file, "mine");
    const again = await report("--format", "html", "--out", file);

    assert.deepEqual([first.code, first.stdout], [0, ""]);
    assert.match(page, /^<!doctype html>\n/);
    assert.ok(!page.includes("<img") && page.includes("&lt;img src=x"));
    assert.deepEqual([again.code, await readFile(file, "utf8")], [64, "mine"]);
    assert.match(again.stderr, /is there already/);
    assert.equal((await report("--format", "markdown", "--out", file, "--force")).code, 0);
    assert.match(await readFile(file, "utf8"), /^# Images of the environment prod\n/);
  });

  it("is made although a source cannot be read, and says so in the report and on standard error", async () => {
    await cli.close();
    cli = await startCli({ ledgerTable: "gone" });
    await log.putVerdicts([launched()]);

    const { code, stdout, stderr } = await report();

    assert.equal(code, 0);
    assert.match(
      stdout,
      /\nSUMMARY\nNOT READ: Sweep of what runs\. Reading the sweep from the table gone failed: ResourceNotFound/,
    );
    assert.match(stdout, /\nWHAT RUNS\nNot known: the sweep could not be read\./);
    assert.match(stderr, /^Not read: Sweep of what runs\. .*gone failed/);
  });

  it("answers 2 if nothing at all can be read, and writes no file", async () => {
    const elsewhere = await commandLine("127.0.0.1:1");
    try {
      const file = join(folder, "nothing.html");
      const { code, stdout, stderr } = await elsewhere.run([
        "report",
        "--outputs",
        elsewhere.outputs,
        "--format",
        "html",
        "--out",
        file,
      ]);

      assert.deepEqual([code, stdout, existsSync(file)], [2, "", false]);
      assert.match(stderr, /^Reading the sweep from the table ledger failed: .*ECONNREFUSED.*\n$/);
    } finally {
      await elsewhere.close();
    }
  });
});
