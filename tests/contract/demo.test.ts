import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { CTRL_C, startOnTerminal } from "../support/terminal";

const run = promisify(execFile);
const checkout = resolve(__dirname, "../..");

const verdictSchema = z.strictObject({
  kind: z.literal("verdict"),
  scene: z.string().min(1),
  task: z.string().regex(/^arn:aws:ecs:eu-west-1:\d{12}:task\/demo\/[0-9a-f]{32}$/),
  launchType: z.enum(["FARGATE", "EC2"]),
  taskStatus: z.enum(["PROVISIONING", "PENDING", "RUNNING", "STOPPED"]),
  container: z.string().min(1),
  image: z.string().optional(),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .optional(),
  status: z.enum(["trusted", "denied", "inconclusive", "exempt"]),
  code: z.string().regex(/^[a-z-]+$/),
  provisional: z.boolean(),
  signer: z
    .string()
    .regex(/^arn:aws:signer:/)
    .optional(),
  job: z
    .string()
    .regex(/^arn:aws:signer:/)
    .optional(),
  response: z.enum(["none", "retry", "stopped", "rolled-back-and-stopped"]),
  notified: z.boolean(),
  milliseconds: z.number().nonnegative(),
  detail: z.string().min(1),
  expected: z.strictObject({ verdict: z.string(), response: z.string(), notified: z.boolean() }),
  asExpected: z.literal(true),
});

const deploymentSchema = z.strictObject({
  kind: z.literal("deployment"),
  scene: z.string().min(1),
  deployment: z.string().regex(/^arn:aws:ecs:eu-west-1:\d{12}:service-deployment\/demo\//),
  stage: z.enum(["PRE_SCALE_UP", "POST_SCALE_UP"]),
  mode: z.enum(["audit", "enforce"]),
  container: z.string().min(1),
  image: z.string().min(1),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .optional(),
  status: z.enum(["trusted", "denied", "inconclusive"]),
  code: z.string().regex(/^[a-z-]+$/),
  provisional: z.boolean(),
  answer: z.enum(["SUCCEEDED", "FAILED", "IN_PROGRESS"]),
  callBackDelay: z.int().optional(),
  notified: z.boolean(),
  milliseconds: z.number().nonnegative(),
  detail: z.string().min(1),
  expected: z.strictObject({ verdict: z.string(), answer: z.string(), notified: z.boolean() }),
  asExpected: z.literal(true),
});

const runningSchema = z.strictObject({
  kind: z.literal("running"),
  scene: z.string().min(1),
  image: z.string(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  status: z.enum(["trusted", "denied", "exempt"]),
  code: z.string().regex(/^[a-z-]+$/),
  before: z
    .string()
    .regex(/^[a-z-]+$/)
    .optional(),
  containers: z.int().positive(),
  container: z.string().min(1),
  notified: z.boolean(),
  detail: z.string().min(1),
  expected: z.strictObject({ verdict: z.string(), notified: z.boolean() }),
  asExpected: z.literal(true),
});

const summarySchema = z.strictObject({
  kind: z.literal("summary"),
  launches: z.int().positive(),
  containers: z.int().positive(),
  verdicts: z.int().positive(),
  deployments: z.int().positive(),
  refused: z.int().positive(),
  running: z.int().positive(),
  runningDenied: z.literal(1),
  report: z.string().min(1),
  stops: z.int(),
  rollBacks: z.int(),
  messages: z.int(),
  events: z.int(),
  unexpected: z.literal(0),
  seconds: z.number().positive(),
});

const lineSchema = z.discriminatedUnion("kind", [verdictSchema, deploymentSchema, runningSchema, summarySchema]);

const PROMISED = [
  ...["SUCCEEDED", "FAILED", "IN_PROGRESS", "PRE_SCALE_UP", "POST_SCALE_UP"],
  ...["trusted", "denied", "inconclusive", "exempt", "FARGATE", "EC2"],
  ...["none", "retry", "stopped", "rolled-back-and-stopped"],
  ...["signature-valid", "no-signature", "identity-not-trusted", "signature-expired", "signature-revoked"],
  ...["signature-invalid", "registry-not-allowed", "exempted", "aws-injected", "signer-unavailable"],
];

/** A run of the demo in a process group of its own, which all that it starts belongs to. */
interface Run {
  readonly child: ChildProcess & { readonly pid: number };
  readonly ended: Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
}

describe("the demo", function () {
  // The first run on a machine builds the Go programs.
  this.timeout(180_000);

  let temporary: string;
  let runs: Run[];

  beforeEach(async () => {
    temporary = await mkdtemp(join(tmpdir(), "demo-test-"));
    runs = [];
  });

  afterEach(async () => {
    for (const { child } of runs) killGroup(child.pid);
    await rm(temporary, { recursive: true, force: true });
  });

  function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Run {
    const child = spawn(process.execPath, ["--import", "tsx", "local/demo/main.ts", ...args], {
      cwd: checkout,
      env: { ...process.env, TMPDIR: temporary, ...env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    assert.ok(child.pid !== undefined);
    const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)];
    const ended = once(child, "close").then(([code]) => ({ code, stdout: stdout(), stderr: stderr() }));
    const started = { child: Object.assign(child, { pid: child.pid }), ended };
    runs.push(started);
    return started;
  }

  async function assertNothingIsLeft({ child }: Run) {
    assert.deepEqual(await aliveInGroup(child.pid), []);
    assert.deepEqual(await foldersLeft(), []);
  }

  async function foldersLeft(): Promise<readonly string[]> {
    return (await readdir(temporary)).filter((name) => name.startsWith("ecs-image-verification-"));
  }

  it("gives every promised verdict as JSON lines, exits with 0 and leaves nothing behind but the report", async () => {
    const demo = start(["--json"]);
    const { code, stdout, stderr } = await demo.ended;

    assert.equal(code, 0, stderr);
    const lines = stdout.trimEnd().split("\n").map(parseLine);
    const summary = lines.at(-1);
    assert.ok(summary?.kind === "summary", "the last line is the summary");
    const verdicts = lines.filter((line) => line.kind === "verdict");
    assert.equal(verdicts.length, summary.verdicts);
    assert.equal(new Set(verdicts.map(({ task }) => task)).size, summary.launches);
    const deployments = lines.filter((line) => line.kind === "deployment");
    assert.equal(new Set(deployments.map(({ deployment }) => deployment)).size, summary.deployments);
    const seen = new Set([
      ...verdicts.flatMap((line) => [line.status, line.response, line.launchType, line.code]),
      ...deployments.flatMap((line) => [line.answer, line.stage]),
    ]);
    assert.deepEqual(
      PROMISED.filter((word) => !seen.has(word)),
      [],
    );
    const acted = verdicts.filter(({ response }) => response !== "none" && response !== "retry");
    assert.equal(summary.stops, new Set(acted.map(({ task }) => task)).size);
    assert.equal(summary.rollBacks, acted.filter(({ response }) => response === "rolled-back-and-stopped").length);
    assert.equal(summary.messages, verdicts.filter(({ notified }) => notified).length);
    assert.equal(summary.events, new Set(verdicts.filter(({ response }) => response !== "retry").map(newsOf)).size);
    const running = lines.filter((line) => line.kind === "running");
    assert.deepEqual(
      running.filter(({ notified }) => notified).map(({ container, before, code }) => [container, before, code]),
      [["web", "signature-valid", "signature-revoked"]],
    );
    assert.match(
      await readFile(summary.report, "utf8"),
      /<title>Images of the environment demo<\/title>[\s\S]*signature-revoked/,
    );
    assert.equal(dirname(dirname(summary.report)), temporary);
    await assertNothingIsLeft(demo);
    for (const port of new Set(verdicts.flatMap(({ image }) => portOf(image)))) assert.equal(await isOpen(port), false);
  });

  it("shows a table of what was done and one of the messages, within 160 columns", async () => {
    const { code, stdout, stderr } = await start([]).ended;

    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /Warning/);
    assert.match(stdout, /^ {2}Task .* Enforcement +Notified +ms$/m);
    assert.match(stdout, / checkout .* rolled back, stopped +yes /);
    assert.match(stdout, / audit .* retry +- /);
    assert.match(stdout, /^ {2}Subject: DENIED no-signature: checkout in demo$/m);
    assert.match(stdout, /^ {2}Done +The service's deployment is being rolled back, and the task was stopped\.$/m);
    assert.match(stdout, / web .* denied +signature-revoked +signature-valid +yes$/m);
    assert.match(stdout, /^The report page about all of this, .*: \/.*\/report\.html$/m);
    const widths = stdout.split("\n").map((line) => line.length);
    assert.ok(Math.max(...widths) <= 160, `${Math.max(...widths)} columns`);
  });

  it("says what is wrong with SIGNER_PLUGIN, exits with 1 and leaves nothing behind", async () => {
    const missing = join(temporary, "no-such-plugin");
    const demo = start(["--json"], { SIGNER_PLUGIN: missing });
    const { code, stdout, stderr } = await demo.ended;

    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /The verifier does not start with the Signer plugin that SIGNER_PLUGIN names: /);
    assert.ok(stderr.includes(missing));
    assert.doesNotMatch(stderr, /^\s+at /m);
    await assertNothingIsLeft(demo);
  });

  it("says that Go is missing, without a stack trace, and exits with 1", async () => {
    const { code, stderr } = await start([], { PATH: temporary }).ended;

    assert.equal(code, 1);
    assert.match(stderr, /Go is not installed\. Install Go/);
    assert.doesNotMatch(stderr, /^\s+at /m);
  });

  it("stops everything when it is interrupted, and exits with 130", async () => {
    const demo = start([]);
    await untilWritten(demo.child, /Play \d+ scenes/);
    // As the terminal does it: to every process of the group.
    process.kill(-demo.child.pid, "SIGINT");
    const { code, stdout, stderr } = await demo.ended;

    assert.equal(code, 130, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /Interrupted\.\n$/);
    await assertNothingIsLeft(demo);
  });

  it("stops everything and says so at a Ctrl-C on a terminal, where npm and tsx hand the interrupt on as well", async () => {
    const command = ["sh", "-c", 'stty rows 40 columns 120 && exec npm run --prefix "$0" demo', checkout];
    const demo = startOnTerminal(command, { ...process.env, TMPDIR: temporary, TERM: "xterm" });
    await demo.shows(/Play \d+ scenes/);

    demo.type(CTRL_C);
    const { code, screen } = await demo.ended;

    assert.equal(code, 130, screen);
    assert.match(screen, /Interrupted\./);
    assert.deepEqual(await foldersLeft(), []);
  });

  it("shows its usage on standard error and exits with 64 for an option it does not know", async () => {
    const { code, stdout, stderr } = await start(["--jsonl"]).ended;

    assert.equal(code, 64);
    assert.equal(stdout, "");
    assert.match(stderr, /unknown option '--jsonl'[\s\S]*Usage: demo/);
  });
});

function parseLine(line: string): z.infer<typeof lineSchema> {
  return lineSchema.parse(JSON.parse(line));
}

/** A verdict that is put on the bus once, however often it is come to. */
function newsOf({ task, container, code, digest }: z.infer<typeof verdictSchema>): string {
  return [task, container, code, digest].join(" ");
}

function textOf(stream: NodeJS.ReadableStream): () => string {
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

function untilWritten({ stderr }: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    stderr?.on("data", (chunk: string) => {
      text += chunk;
      if (pattern.test(text)) resolve();
    });
    stderr?.once("end", () => reject(new Error(`The demo has ended before it wrote ${pattern}:\n${text}`)));
  });
}

/** The command lines of the group's processes: without those that only wait to be reaped, and without tsx's compiler. */
async function aliveInGroup(group: number): Promise<string[]> {
  const { stdout } = await run("ps", ["-A", "-o", "pgid=,stat=,args="]);
  return stdout
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([pgid, stat, ...args]) => pgid === String(group) && !stat?.startsWith("Z") && !args[0]?.includes("esbuild"),
    )
    .map(([, , ...args]) => args.join(" "));
}

function killGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // None of it is left.
  }
}

function portOf(image: string | undefined): number[] {
  const port = /^127\.0\.0\.1:(\d+)\//.exec(image ?? "")?.[1];
  return port === undefined ? [] : [Number(port)];
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
