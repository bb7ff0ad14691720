import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkFree, writeNewFile } from "../../../../cli/lib/new-file";
import { reportCommand } from "../../../../cli/report/report";
import { checkForm, checkReportOptions, type ReportOptions } from "../../../../cli/report/report-options";
import { reportPolicy } from "../../../../cli/report/report-policy";
import { scanCommand } from "../../../../cli/scan/scan";
import { checkScanOptions } from "../../../../cli/scan/scan-options";
import { OUTPUTS, OUTPUTS_WITH_ORDERS } from "../../../support/environment-outputs";

const OPTIONS: ReportOptions = { days: 7, timeout: 30, stack: "prod" };

describe("the options of report", () => {
  it("refuse a page on a terminal, and say what to do", () => {
    assert.throws(() => checkForm({ format: "html" }, { isTTY: true }), /--out report\.html/);
    checkForm({ format: "html" }, { isTTY: false });
    checkForm({ format: "html", out: "report.html" }, { isTTY: true });
    checkForm({}, { isTTY: true });
  });

  const wrong: readonly (readonly [string, Partial<ReportOptions>, RegExp])[] = [
    ["--force without --out", { force: true }, /--force is for the file of --out/],
    ["--trust-store without --trust", { trustStore: "roots" }, /give --trust FILE as well/],
    ["--signing-profile without --trust", { signingProfile: "arn" }, /give --trust FILE as well/],
  ];
  for (const [name, options, message] of wrong) {
    it(`refuse ${name}`, () => assert.throws(() => checkReportOptions({ ...OPTIONS, ...options }), message));
  }
});

describe("the option --out", () => {
  for (const command of [reportCommand(), scanCommand()]) {
    it(`of ${command.name()} takes - for no file`, () => {
      const parse = () =>
        command
          .exitOverride()
          .configureOutput({ writeErr: () => {} })
          .parse(["--out", "-"], { from: "user" });

      assert.throws(parse, /Leave --out out for standard output/);
    });
  }
});

describe("the options of scan that make a report", () => {
  const scan = { timeout: 30, allClusters: true } as const;
  it("need something to judge with, and are no --json", () => {
    assert.throws(() => checkScanOptions({ ...scan, format: "html" }), /are for verdicts: give --trust/);
    assert.throws(
      () => checkScanOptions({ ...scan, trust: "t", format: "html", json: true }),
      /leave --format and --out out/,
    );
    assert.throws(() => checkScanOptions({ ...scan, trust: "t", force: true }), /--suggest or --out/);
    checkScanOptions({ ...scan, trust: "t", format: "markdown", out: "o", force: true });
  });
});

describe("the file of a report", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "report-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is never overwritten unasked", async () => {
    const target = { option: "--out", file: join(folder, "report.html"), force: false };
    await checkFree(target);
    await writeNewFile(target, "one");

    await assert.rejects(checkFree(target), /--out: .*report\.html is there already\. .*--force/);
    await assert.rejects(writeNewFile(target, "two"), /is there already/);
    await writeNewFile({ ...target, force: true }, "three");

    assert.equal(await readFile(target.file, "utf8"), "three");
    await assert.rejects(writeNewFile({ ...target, file: join(folder, "no/such") }, ""), /--out .* cannot be written/);
  });
});

describe("the rights that a report needs", () => {
  const actionsOf = async (options: Partial<ReportOptions>, outputs = OUTPUTS) =>
    (await reportPolicy({ ...OPTIONS, ...options }, outputs)).Statement.flatMap(({ Action }) => Action);

  it("are to query the ledger and to read the log, where there is no gate and no order", async () => {
    const { Statement } = await reportPolicy(OPTIONS, OUTPUTS);

    assert.deepEqual(
      Statement.map(({ Action, Resource }) => [Action, Resource]),
      [
        [["dynamodb:Query"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/ledger"]],
        [["logs:FilterLogEvents"], ["arn:aws:logs:eu-west-1:111122223333:log-group:verifier-log:*"]],
      ],
    );
  });

  it("are to list services for the gate, and to read the orders, where there are any", async () => {
    const gate = { gateTargetArn: "t", gateInvokerRoleArn: "r", gateMode: "audit", gateLogGroup: "gate-log" } as const;

    const actions = await actionsOf({}, { ...OUTPUTS_WITH_ORDERS, ...gate });

    for (const action of ["ecs:ListServices", "ecs:DescribeServices", "dynamodb:Scan", "kms:Decrypt"]) {
      assert.ok(actions.includes(action), action);
    }
    assert.doesNotMatch(actions.join(" "), /Put|Update|Delete|Stop|\*/);
  });

  it("are those of a verification too with another trust document", async () => {
    const folder = await mkdtemp(join(tmpdir(), "report-"));
    try {
      const trust = join(folder, "trust.yaml");
      const statements = [{ name: "release", repositories: ["self/app"], identities: ["self"] }];
      await writeFile(trust, JSON.stringify({ registries: ["self"], statements }));

      const actions = await actionsOf({ trust });

      assert.ok(actions.includes("ecr:BatchGetImage") && actions.includes("signer:GetRevocationStatus"));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
