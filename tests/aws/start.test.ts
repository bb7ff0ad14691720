import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { GetFindingsCommand, SecurityHubClient } from "@aws-sdk/client-securityhub";
import { endOrders } from "../../automation/operations/orders/end-orders";
import { draftOrder, proveOrder, writeOrder } from "../../automation/operations/orders/give-order";
import { lastPart } from "../../verifier/src/ecs/arn";
import type { Order } from "../../verifier/src/orders/order";
import { writtenSettings } from "../../verifier/src/settings-version";
import { settings } from "../support/detector";
import { DIGEST, pendingEvent } from "../support/launch-events";
import { clientOf } from "./support/account";
import { failing } from "./support/proxy";
import { useAws } from "./support/scene";

const run = promisify(execFile);
const FINDINGS = { FINDINGS: "true" };

describe("AWS: the detector as the function starts it", () => {
  const aws = useAws();
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "detector-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Starts the function for one event, and gives the lines of its log. */
  async function invoke(event: object, variables: Readonly<Record<string, string>> = {}) {
    await writeFile(join(folder, "settings.json"), JSON.stringify(writtenSettings(settings())));
    await writeFile(join(folder, "event.json"), JSON.stringify(event));
    const { stdout } = await run(
      process.execPath,
      ["--import", "tsx", join(__dirname, "support/invoke-once.ts"), folder],
      {
        env: { PATH: process.env.PATH, ...environment(aws().address), ...aws().account.resources, ...variables },
      },
    );
    return stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
  }
  const launchOf = (taskArn: string, image: string) => ({
    ...pendingEvent({ clusterArn: aws().account.cluster, taskArn, containers: [{ name: "web", image }] }),
    time: new Date().toISOString(),
  });

  it("stops what it denies without asking a registry, and writes a line of the log and the metrics", async () => {
    const { account } = aws();
    const taskArn = await account.runTask();

    const lines = await invoke(launchOf(taskArn, "evil.example.com/app:1"));

    const logged = lines.find(({ message }) => message === "Image Verdict");
    assert.deepEqual(
      [logged?.environment, logged?.verdict.code, logged?.verdict.response],
      ["prod", "registry-not-allowed", "stopped"],
    );
    assert.ok(lines.some(({ Verdicts, code }) => Verdicts === 1 && code === "registry-not-allowed"));
    assert.ok(lines.some(({ Stopped, environment }) => Stopped === 1 && environment === "prod"));
    assert.equal((await account.task(taskArn)).desired, "STOPPED");
    assert.deepEqual(await account.events(), [logged?.verdict]);
    assert.equal((await account.messages()).length, 1);
  });

  it("obeys orders, tells of the first use and of the end of an exemption, and counts what is no order", async () => {
    const { account } = aws();
    const { place } = aws().withOrders();
    const image = `evil.example.com/app@${DIGEST}`;
    const draft = { digest: DIGEST, image: "evil.example.com/app", reason: "a test" };
    const launch = async () => {
      const lines = await invoke(launchOf(await account.runTask(), image));
      return { lines, verdict: lines.find(({ message }) => message === "Image Verdict")?.verdict };
    };
    const give = async (order: Order, environment = place.environment) =>
      writeOrder(place, order, await proveOrder({ ...place, environment }, order));

    await give(draftOrder({ ...draft, kind: "exempt", owner: "payments", forMs: 3_600_000 }, new Date()));
    const exempted = await launch();
    await endOrders(place, "exempt", DIGEST, Date.now());
    const checked = await invoke({ check: "orders" });
    await give(draftOrder({ ...draft, kind: "block" }, new Date()));
    await give(draftOrder({ ...draft, kind: "block" }, new Date()), "dev");
    const blocked = await launch();

    assert.deepEqual(
      [exempted.verdict?.code, exempted.verdict?.without?.code, blocked.verdict?.code, blocked.verdict?.response],
      ["exempted", "registry-not-allowed", "digest-blocked", "stopped"],
    );
    const news = [...exempted.lines, ...checked].filter(({ message }) => message === "Image Order");
    assert.deepEqual(
      news.map(({ order }) => order.event),
      ["first-use", "ended"],
    );
    assert.ok(blocked.lines.some(({ OrderRefused, environment }) => OrderRefused === 1 && environment === "prod"));
    assert.deepEqual((await account.messages()).map(({ Subject }) => Subject).sort(), [
      "DENIED digest-blocked: web in prod",
      "EXEMPTION ENDED: web in prod",
      "EXEMPTION IN USE: web in prod",
    ]);
  });

  it("makes findings where it is told to, and sends later what Security Hub has refused", async () => {
    const { account, aws: behave } = aws();
    const securityHub = new SecurityHubClient(clientOf(aws().address));
    const own = async () => {
      const { Findings: all = [] } = await securityHub.send(new GetFindingsCommand({}));
      return all.filter(({ Id = "" }) => Id.includes(`/${lastPart(account.cluster)}/`));
    };
    behave(
      failing("securityhub", { status: 403, type: "application/json", body: '{"__type":"AccessDeniedException"}' }),
    );

    const refused = await invoke(launchOf(await account.runTask(), `evil.example.com/app@${DIGEST}`), FINDINGS);
    const checked = await invoke({ check: "findings" }, FINDINGS);
    behave();
    assert.deepEqual(await own(), []);
    await invoke({ check: "findings" }, FINDINGS);

    assert.ok(refused.some(({ message }) => message === "Image Verdict"));
    assert.ok(checked.some(({ FindingsUnsent, environment }) => FindingsUnsent === 1 && environment === "prod"));
    assert.deepEqual(
      (await own()).map(({ GeneratorId, RecordState }) => [GeneratorId, RecordState]),
      [["ecs-image-verification/registry-not-allowed", "ACTIVE"]],
    );
    assert.ok((await account.messages()).some(({ Subject }) => Subject === "FINDINGS NOT SENT: 1 finding in prod"));
    securityHub.destroy();
  });

  it("does not start without its settings, and names the file", async () => {
    const failed = run(process.execPath, ["--import", "tsx", join(__dirname, "support/invoke-once.ts"), folder]);

    await assert.rejects(failed, /settings\.json is missing: this is a base image/);
  });
});

function environment(address: string): Record<string, string> {
  const { endpoint, region, credentials } = clientOf(address);
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}
