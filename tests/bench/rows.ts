import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { bundleHandlers } from "../../build/bundle";
import type { Launch } from "../../verifier/src/ecs/launch";
import { judgeLaunch } from "../../verifier/src/ecs/launch-verdict";
import type { Notation } from "../../verifier/src/notation/serve";
import { createJudge, type Judge } from "../../verifier/src/verification/judge";
import { verdictCache } from "../../verifier/src/verification/verdict-cache";
import { testDetector } from "../support/detector";
import { CLUSTER, runningEvent } from "../support/launch-events";
import type { BenchStack } from "./bench-stack";
import { median, timeEach } from "./median";

/** One line of the result: what was measured, against which budget. */
export interface Row {
  readonly what: string;
  readonly budget: string;
  readonly measured: string;
}

/** How many times each thing is measured. */
const RUNS = 25;
const REQUEST = { deadlineMs: 30_000 };
/** The local Signer plugin's executable; with another plugin its memory is not measured. */
const PLUGIN = "notation-com.amazonaws.signer.notation.plugin";

/** First verdicts of our process and of the Notation CLI on the same images. */
export async function firstVerdict(
  bench: BenchStack,
  notation: Notation,
  address: string,
  budget: string,
): Promise<Row> {
  const slow = address === bench.slow.address;
  const name = slow ? "first-slow" : "first";
  const [warm = "", ...digests] = await bench.signedImages(name, RUNS + 1);
  const reference = (digest: string) => `${address}/team/${name}@${digest}`;
  await notation.verify({ reference: reference(warm), ...REQUEST });
  const ours = median(await timeEach(digests, (digest) => verified(notation, reference(digest))));
  const cli = median(await timeEach(digests, (digest) => bench.notationVerify(reference(digest))));
  return {
    what: slow ? "first verdict with 10 ms on each request" : "first verdict, one image, no latency",
    budget,
    measured: `${(ours / cli).toFixed(2)} x notation verify (${ours.toFixed(1)} ms, ${cli.toFixed(1)} ms)`,
  };
}

/** A launch of four containers with four digests, against one of one. */
export async function fourContainers(bench: BenchStack, notation: Notation, address: string): Promise<Row> {
  const slow = address === bench.slow.address;
  const name = slow ? "four-slow" : "four";
  const digests = await bench.signedImages(name, RUNS * 5);
  const launches = Array.from({ length: RUNS }, (_, index) => digests.slice(index * 5, index * 5 + 5));
  const judge = judgeOf(bench, notation);
  const image = `${address}/team/${name}:v1`;
  const one: number[] = [];
  const four: number[] = [];
  for (const [first = "", ...others] of launches) {
    one.push(...(await timeEach([first], (digest) => judged(judge, launchOf(bench, image, [digest])))));
    four.push(...(await timeEach([others], (some) => judged(judge, launchOf(bench, image, some)))));
  }
  const ratio = median(four) / median(one);
  return {
    what: slow ? "the same with 10 ms on each request" : "four containers, four digests, no latency",
    budget: "<= 1.5 x one",
    measured: `${ratio.toFixed(2)} x one (${median(four).toFixed(1)} ms, ${median(one).toFixed(1)} ms)`,
  };
}

/** A launch whose digests are cached, through the handler; its AWS calls end in memory. */
export async function cachedLaunch(bench: BenchStack, notation: Notation): Promise<Row> {
  const digests = await bench.signedImages("cached", 3);
  const { handle } = handlerOf(bench, notation);
  const image = `${bench.stack.registry}/team/cached:v1`;
  await handle(eventOf(image, digests, "warm"));
  const events = Array.from({ length: RUNS }, (_, index) => eventOf(image, digests, `task-${index}`));
  const times = await timeEach(events, (event) => handle(event));
  return {
    what: "launch whose digests are cached, inside the handler",
    budget: "< 2 ms",
    measured: `${median(times).toFixed(2)} ms`,
  };
}

/** Many launches of few digests through the handler, all at once. */
export async function burst(bench: BenchStack, notation: Notation): Promise<Row> {
  const digests = await bench.signedImages("burst", 20);
  let verifications = 0;
  const counting: Pick<Notation, "verify"> = {
    verify: (request) => {
      verifications++;
      return notation.verify(request);
    },
  };
  const { handle, seen } = handlerOf(bench, counting);
  const image = `${bench.stack.registry}/team/burst:v1`;
  const events = Array.from({ length: 1000 }, (_, index) =>
    eventOf(image, [digests[index % digests.length] ?? ""], `task-${index}`),
  );
  const start = performance.now();
  await Promise.all(events.map((event) => handle(event)));
  const seconds = (performance.now() - start) / 1000;
  const recorded = new Set(seen.events.map(({ task }) => task)).size;
  return {
    what: "1000 launches over 20 digests, through the handler",
    budget: "20 verifications, no event lost",
    measured: `${verifications} verifications, ${recorded} launches recorded, ${seconds.toFixed(2)} s`,
  };
}

/** Size of the Lambda code, and how long Node.js takes to load it. */
export async function bundle(): Promise<Row> {
  const { folder, bytes } = await bundleHandlers();
  const file = join(folder, "launch.js");
  // Outside the image its settings are missing, which it says once everything is loaded.
  const script = `const t=performance.now();try{require(${JSON.stringify(file)})}catch{}console.log(performance.now()-t)`;
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    times.push(Number((await promisify(execFile)(process.execPath, ["-e", script])).stdout));
  }
  return {
    what: "load of the handler; bundle",
    budget: "< 250 ms; < 1.5 MB",
    measured: `${median(times).toFixed(0)} ms; ${((bytes["launch.js"] ?? 0) / 1e6).toFixed(2)} MB`,
  };
}

/** What a verdict costs when the image was verified before and the verdict's time is over. */
export async function verdictAgain(bench: BenchStack, notation: Notation): Promise<Row> {
  const [digest = ""] = await bench.signedImages("again", 1);
  const reference = `${bench.recorded.address}/team/again@${digest}`;
  await verified(notation, reference);
  const [before, signerBefore] = [bench.recorded.requests.length, bench.stack.signer.requests.length];
  await verified(notation, reference);
  const requests = bench.recorded.requests.slice(before).map(({ method, path }) => callName(method, path));
  const revocations = bench.stack.signer.requests.length - signerBefore;
  return {
    what: "verdict again after its TTL, signature unchanged",
    budget: "1 HEAD, 1 referrers, 1 revocation",
    measured: `${requests.sort().join(", ")}, ${revocations} revocation`,
  };
}

/** Resident memory of the notation process, after everything else, and of the plugin that it has started in advance. */
export async function residentMemory(): Promise<Row> {
  const what = "resident memory of the notation process";
  const notation = await childOf(process.pid, "notation-verifier");
  const plugin = notation && (await childOf(notation.pid, PLUGIN));
  const ours = notation === undefined ? "not measured here" : megabytes(notation.residentKilobytes);
  const waiting = plugin === undefined ? "" : `, and ${megabytes(plugin.residentKilobytes)} of the waiting plugin`;
  return { what, budget: "< 40 MB", measured: ours + waiting };
}

async function verified(notation: Notation, reference: string): Promise<void> {
  const facts = await notation.verify({ reference, ...REQUEST });
  if (facts.outcome !== "verified") throw new Error(`${reference} was not verified: ${JSON.stringify(facts)}`);
}

async function judged(judge: Judge, launch: Launch): Promise<string> {
  const { status } = await judgeLaunch(launch, judge, { containerNames: async () => new Set() });
  if (status !== "trusted") throw new Error(`${launch.taskArn} is ${status}`);
  return status;
}

function judgeOf({ trust }: BenchStack, notation: Pick<Notation, "verify">): Judge {
  const cache = verdictCache({ trustedTtlMs: 300_000, max: 1000, now: Date.now });
  return createJudge({ trust, notation, cache, credentialsFor: async () => undefined, now: Date.now, ...REQUEST });
}

/** The handler with a real judge; what it would tell AWS ends in memory. */
function handlerOf(bench: BenchStack, notation: Pick<Notation, "verify">) {
  return testDetector({ judge: judgeOf(bench, notation), settings: { trust: bench.trust } });
}

function eventOf(image: string, digests: readonly string[], task: string): unknown {
  return runningEvent({
    taskArn: `${CLUSTER.replace(":cluster/", ":task/")}/${task}`,
    containers: digests.map((imageDigest, index) => ({ name: `container-${index}`, image, imageDigest })),
  });
}

function launchOf({ stack }: BenchStack, image: string, digests: readonly string[]): Launch {
  const arn = `arn:aws:ecs:${stack.signer.region}:${stack.signer.account}`;
  return {
    taskArn: `${arn}:task/bench/0123456789abcdef`,
    taskDefinitionArn: `${arn}:task-definition/bench:1`,
    clusterArn: `${arn}:cluster/bench`,
    region: stack.signer.region,
    account: stack.signer.account,
    lastStatus: "RUNNING",
    desiredStatus: "RUNNING",
    version: 3,
    createdAt: new Date(),
    eventTime: new Date(),
    containers: digests.map((imageDigest, index) => ({
      name: `container-${index}`,
      image,
      imageDigest,
      lastStatus: "RUNNING",
    })),
  };
}

function callName(method: string, path: string): string {
  return path.includes("/referrers/") ? "1 referrers" : `1 ${method}`;
}

interface Process {
  readonly pid: number;
  readonly residentKilobytes: number;
}

/** A child of a process, by its name, of which Linux keeps 15 characters. */
async function childOf(parent: number, name: string): Promise<Process | undefined> {
  const pids = await readdir("/proc").catch((): string[] => []);
  for (const pid of pids.filter((entry) => /^\d+$/.test(entry))) {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    const isMeant = status.includes(`\nPPid:\t${parent}\n`) && status.startsWith(`Name:\t${name.slice(0, 15)}\n`);
    if (isMeant) return { pid: Number(pid), residentKilobytes: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) };
  }
  return undefined;
}

function megabytes(kilobytes: number): string {
  return `${(kilobytes / 1024).toFixed(1)} MB`;
}
