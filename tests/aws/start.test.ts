import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { settings } from "../support/detector";
import { pendingEvent } from "../support/launch-events";
import { clientOf } from "./support/account";
import { useAws } from "./support/scene";

const run = promisify(execFile);

describe("AWS: the detector as the function starts it", () => {
  const aws = useAws();
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "detector-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("stops what it denies without asking a registry, and writes a line of the log and the metrics", async () => {
    const { account } = aws();
    const taskArn = await account.runTask();
    const containers = [{ name: "web", image: "evil.example.com/app:1" }];
    const event = {
      ...pendingEvent({ clusterArn: account.cluster, taskArn, containers }),
      time: new Date().toISOString(),
    };
    await writeFile(join(folder, "settings.json"), JSON.stringify(settings()));
    await writeFile(join(folder, "event.json"), JSON.stringify(event));

    const { stdout } = await run(
      process.execPath,
      ["--import", "tsx", join(__dirname, "support/invoke-once.ts"), folder],
      {
        env: { PATH: process.env.PATH, ...environment(aws().address), ...account.resources },
      },
    );

    const lines = stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
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

  it("does not start without its settings, and names the file", async () => {
    const failed = run(process.execPath, ["--import", "tsx", join(__dirname, "support/invoke-once.ts"), folder]);

    await assert.rejects(failed, /settings\.json: ENOENT/);
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
