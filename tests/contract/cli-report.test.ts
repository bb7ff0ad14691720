// Real: signatures, registry, notation, judging, the command. Stand-ins over HTTP: ECS, the tables, the log, the key, Signer.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ReportModel } from "../../automation/operations/report/report-model";
import { type LocalAws, startAws } from "../../local/aws";
import { SWEPT_IMAGES } from "../../verifier/src/sweep/sweep-store";
import type { SweptImage } from "../../verifier/src/sweep/swept-image";
import { launchRecord, sweepOf, sweptImage } from "../support/report-facts";
import { runs, service, useScan } from "./support/scan";
import type { SceneImage } from "./support/scene";

describe("contract: a report of what is judged now", function () {
  this.timeout(180_000);
  const shop = useScan();
  const { running, scan, scene } = shop;
  let aws: LocalAws;
  /** What the sweep has found. */
  let swept: readonly SweptImage[] = [];
  /** Messages of the log. */
  let log: readonly string[] = [];

  before(async () => {
    aws = await startAws({
      "DynamoDB.Query": ({ TableName, ExpressionAttributeValues }) => {
        if (TableName !== "ledger") return { Items: [] };
        const isImages = JSON.stringify(ExpressionAttributeValues).includes(SWEPT_IMAGES);
        const values: readonly object[] = isImages ? swept : [sweepOf(swept)];
        return { Items: values.map((value) => ({ json: { S: JSON.stringify(value) } })) };
      },
      "DynamoDB.Scan": () => ({ Items: [] }),
      "Logs_20140328.FilterLogEvents": () => ({
        events: log.map((message, at) => ({ eventId: String(at), timestamp: Date.now(), message })),
      }),
    });
  });
  after(() => aws?.close());

  /** An image as a sweep with another trust document has judged it. */
  function sweptBefore(image: SceneImage, code: SweptImage["code"]): SweptImage {
    const { digest } = image.descriptor;
    const [repository = ""] = image.taggedReference.split(/:[^:/]*$/);
    return sweptImage(1, { key: digest, code, repository, digest, reference: `${repository}@${digest}` });
  }

  it("with another trust document says what would be denied and what no longer, and what of the denials would stay", async () => {
    const foreign = await scene().image();
    await scene().sign(foreign, {}, scene().foreign);
    swept = [
      sweptBefore(shop.signed, "identity-not-trusted"),
      sweptBefore(foreign, "signature-valid"),
      { ...sweptImage(9), kind: "aws-injected", code: "aws-injected", status: "exempt" },
    ];
    const [repository = ""] = shop.unsigned.taggedReference.split(/:[^:/]*$/);
    const { digest } = shop.unsigned.descriptor;
    const verdict = { ...launchRecord(), image: `${repository}@${digest}`, digest };
    log = [JSON.stringify({ message: "Image Verdict", verdict })];

    const words = ["report", "--outputs", shop.outputs, "--trust", shop.trust, "--json", ...shop.cli.withRoot];
    const { code, stdout, stderr } = await shop.cli.run(words, { environment: { AWS_ENDPOINT_URL: aws.url } });

    assert.equal(code, 0, stderr);
    const { whatIf }: ReportModel = JSON.parse(stdout);
    assert.deepEqual(
      whatIf?.changes.map((one) => [one.digest, one.before.code, one.after.code]),
      [
        [foreign.descriptor.digest, "signature-valid", "identity-not-trusted"],
        [shop.signed.descriptor.digest, "identity-not-trusted", "signature-valid"],
      ],
    );
    assert.deepEqual([whatIf?.images, whatIf?.notJudged], [2, 1]);
    assert.deepEqual(
      whatIf?.deniedBefore?.map(({ before, after }) => [before.code, after.code]),
      [["no-signature", "no-signature"]],
    );
  });

  it("of a scan is the same page, without a history", async () => {
    running.put("shop", [service("web", runs(shop.signed), runs(shop.unsigned, "proxy"))]);
    const file = join(shop.folder, "running.html");

    const page = await scan("--all-clusters", "--trust", shop.trust, "--format", "html", "--out", file);
    const json = await scan("--all-clusters", "--trust", shop.trust, "--format", "json");
    const again = await scan("--all-clusters", "--trust", shop.trust, "--format", "html", "--out", file);

    assert.equal(page.code, 1, page.stderr);
    const html = await readFile(file, "utf8");
    assert.match(html, /<h1>Images that run<\/h1>/);
    assert.doesNotMatch(html, /What enforce would stop|Exposure/);
    const { kind, running: found, history }: ReportModel = JSON.parse(json.stdout);
    assert.deepEqual(
      [kind, history, found?.images.map(({ code }) => code)],
      ["scan", null, ["no-signature", "signature-valid"]],
    );
    assert.equal(again.code, 64);
  });

  it("of a scan can be the table in a file", async () => {
    running.put("shop", [service("web", runs(shop.signed))]);
    const file = join(shop.folder, "running.txt");
    await writeFile(file, "mine");

    const { code, stdout } = await scan("--all-clusters", "--trust", shop.trust, "--out", file, "--force");

    assert.deepEqual([code, stdout], [0, ""]);
    assert.match(await readFile(file, "utf8"), /^status +code +repository .*\ntrusted +signature-valid /);
  });
});
