import assert from "node:assert/strict";
import { launchOf, recordWith } from "../support/launch";
import { CLUSTER, DIGEST, TASK } from "../support/launch-events";
import { type CommandLine, commandLine } from "./support/command-line";
import { createLogGroup, type LogGroup, lineOf } from "./support/log-group";
import { useMoto } from "./support/moto";

describe("AWS: ecs-image-verification verdicts", () => {
  const moto = useMoto();
  let log: LogGroup;
  let cli: CommandLine;
  beforeEach(async () => {
    log = await createLogGroup(moto().address);
    cli = await commandLine(moto().address, { logGroup: log.name });
  });
  afterEach(() => cli?.close());

  const verdicts = (...more: readonly string[]) => cli.run(["verdicts", "--outputs", cli.outputs, ...more]);
  const denied = recordWith();
  const trusted = recordWith({ code: "signature-valid" }, { container: "proxy", response: "none" });
  const waiting = recordWith({ code: "registry-unavailable" }, { container: "late", response: "none", final: false });

  it("shows one aligned line for each verdict and how many there are of each status", async () => {
    await log.putVerdicts([trusted, denied, waiting]);

    const { code, stdout, stderr } = await verdicts();

    assert.deepEqual([code, stderr], [0, ""]);
    const [head = "", ...lines] = stdout.trimEnd().split("\n");
    assert.equal(
      lines.pop(),
      "3 verdicts: 1 trusted, 1 denied, 1 inconclusive. 1 not yet final: judged again. What to do about each code: docs/runbook.md.",
    );
    const columns = ["time", "status", "final", "code", "cluster", "group", "task", "container", "image", "response"];
    assert.deepEqual(head.split(/ +/), columns);
    for (const line of lines) {
      for (const column of columns.slice(1)) assert.match(line.slice(head.indexOf(column) - 2), /^ {2}\S/);
    }
    assert.match(
      lines[1] ?? "",
      /^2026-06-15T12:00:01Z {2}denied +yes +no-signature +orders +\S+ +4cf3f47c77c414b6a44fbc0445d97f3c +web +team\/app:1@aaaaaaaaaaaa +stopped$/,
    );
    assert.match(lines[2] ?? "", /inconclusive +not yet +registry-unavailable/);
  });

  it("prints records as JSON, every key there, and says how many lines cannot be read", async () => {
    const cut = lineOf(denied).slice(0, -20);
    const newer = lineOf({ ...denied, version: "3" as "2" });
    await log.put(["START RequestId: 1", '{"message":"Something else"}', cut, newer]);
    await log.putVerdicts([denied]);

    const { code, stdout, stderr } = await verdicts("--json");

    assert.equal(code, 0);
    const expected = { ...denied, group: denied.group ?? null, launchType: "EC2" };
    assert.deepEqual(JSON.parse(stdout), {
      ...expected,
      service: denied.service ?? null,
      deployment: null,
      tagMovedFrom: null,
      signature: null,
      responseError: null,
      count: null,
      countedSince: null,
    });
    assert.match(stderr, /^2 verdicts of the log cannot be read by this version and left out: /);
  });

  it("escapes what the publisher of an image chose", async () => {
    const reference = "evil\u001b[2J\u202e\n/app";
    await log.putVerdicts([recordWith({ code: "reference-invalid", reference }, { container: "x\u001b[31m" })]);

    const [text, json] = await Promise.all([verdicts(), verdicts("--json")]);

    assert.match(text.stdout, /evil\\u\{1b\}\[2J\\u\{202e\}\\n\/app@/);
    assert.doesNotMatch(text.stdout + json.stdout, /[^\x20-\x7e\n]/);
    assert.equal(JSON.parse(json.stdout).image, reference);
  });

  const other = recordWith(
    { code: "signature-valid", reference: `ghcr.io/team/other:2@${DIGEST}` },
    { launch: { ...launchOf(), taskArn: TASK.replace(/.$/, "0"), clusterArn: `${CLUSTER}-2` } },
  );
  const filters: readonly (readonly string[])[] = [
    ["--status", "denied,exempt"],
    ["--code", "no-signature"],
    ["--task", TASK],
    ["--task", TASK.slice(-32)],
    ["--cluster", "orders"],
    ["--cluster", CLUSTER],
    ["--image", "team/app"],
    ["--image", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app"],
    ["--limit", "1"],
  ];
  for (const filter of filters) {
    it(`leaves out what is not asked for: ${filter.join(" ")}`, async () => {
      await log.putVerdicts([other], new Date(Date.now() - 1000));
      await log.putVerdicts([denied]);

      const { stdout } = await verdicts("--json", ...filter);

      const codes = stdout.trim().split("\n");
      assert.deepEqual(
        codes.map((line) => JSON.parse(line).code),
        ["no-signature"],
      );
    });
  }

  it("looks back as far as --since says", async () => {
    await log.putVerdicts([denied], new Date(Date.now() - 60 * 60_000));

    const [short, long] = await Promise.all([verdicts("--json"), verdicts("--json", "--since", "2h")]);

    assert.equal(short.stdout, "");
    assert.match(short.stderr, /^No verdict in verifier-log-\w+ since .*\nLook further back with --since\./);
    assert.equal(long.stdout.trim().split("\n").length, 1);
  });

  it("follows: what comes later is shown once, also if it is late, until Ctrl-C", async () => {
    await log.putVerdicts([trusted]);
    const following = cli.start(["verdicts", "--outputs", cli.outputs, "--follow", "--json"]);
    await following.says("stdout", /"container":"proxy"/);

    await log.putVerdicts([waiting], new Date(Date.now() - 60_000));
    await following.says("stdout", /"container":"late"/);
    await log.putVerdicts([denied]);
    await following.says("stdout", /"container":"web"/);
    following.signal("SIGINT");

    const { code, stdout, stderr } = await following.ended;
    assert.deepEqual([code, stderr], [130, ""]);
    assert.equal(stdout.trim().split("\n").length, 3);
  });

  it("answers 2 and one line if there is no such log group, or no AWS", async () => {
    const elsewhere = await commandLine("127.0.0.1:1", { logGroup: "gone" });
    const gone = await commandLine(moto().address, { logGroup: "gone" });
    try {
      const missing = await gone.run(["verdicts", "--outputs", gone.outputs]);
      const unreachable = await elsewhere.run(["verdicts", "--outputs", elsewhere.outputs]);

      assert.deepEqual([missing.code, missing.stdout], [2, ""]);
      assert.match(
        missing.stderr,
        /^Reading the log group gone failed: ResourceNotFoundException: .* newest outputs.*\n$/,
      );
      assert.deepEqual([unreachable.code, unreachable.stdout], [2, ""]);
      assert.match(unreachable.stderr, /^Reading the log group gone failed: .*ECONNREFUSED.* AWS_ENDPOINT_URL\.\n$/);
    } finally {
      await gone.close();
      await elsewhere.close();
    }
  });
});
