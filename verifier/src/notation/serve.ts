import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import * as z from "zod";
import {
  type NotationVersions,
  readySchema,
  resultSchema,
  type VerificationFacts,
  type VerificationRequest,
} from "./protocol";

/** Time limit from the start of the process to its `ready` line, in milliseconds. */
const READY_LIMIT_MS = 20_000;
/** How long after its deadline to wait for an answer; then the process hangs and is ended. In milliseconds. */
const HANG_GRACE_MS = 2_000;
/** How long to wait for an orderly stop before the process is killed, in milliseconds. */
const STOP_LIMIT_MS = 3_000;
const STDERR_KEPT = 2_000;

export interface NotationSettings {
  /** The executable built from `verifier/notation`. */
  readonly executable: string;
  /** Folder with `trustpolicy.json` and `truststore/`, laid out as `NOTATION_CONFIG`. */
  readonly config: string;
  /** The AWS Signer plugin's executable. */
  readonly plugin: string;
  /** The whole environment of the process; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Use HTTP for registries. For registries on this machine. */
  readonly plainHttp?: boolean;
  /** Use this URL instead of AWS Signer. */
  readonly signerEndpoint?: string;
}

/** The client of the notation process. */
export interface Notation {
  /**
   * Verifies one image. Never rejects: what goes wrong with the process is a fact of stage `process`.
   * Starts the process if it does not run, be it the first time or after a crash.
   *
   * @param remembered Digests of signature manifests that decided earlier, which the process tries first. It begins
   * before they come. Must not reject.
   */
  verify(request: VerificationRequest, remembered?: Promise<readonly string[]>): Promise<VerificationFacts>;
  /** The versions of the verifying components. Rejects with the reason if the process does not become ready. */
  versions(): Promise<NotationVersions>;
  /** Ends the process when its work is done; waiting requests get their answers. */
  stop(): Promise<void>;
}

/** Creates a client of the notation process and starts the process, so that it is ready for the first image. */
export function startNotation(settings: NotationSettings): Notation {
  let current: Running | undefined = startProcess(settings);

  function running(): Running {
    if (current === undefined || current.hasEnded()) current = startProcess(settings);
    return current;
  }

  return {
    verify: (request, remembered) => running().verify(request, remembered),
    versions: () => running().versions,
    stop: async () => {
      await current?.stop();
      current = undefined;
    },
  };
}

interface Running {
  readonly versions: Promise<NotationVersions>;
  verify: Notation["verify"];
  hasEnded(): boolean;
  stop(): Promise<void>;
}

/** The process did not become ready, and gave a reason. */
class NotReadyError extends Error {}

/** One run of the process, from its start to its end. */
function startProcess(settings: NotationSettings): Running {
  const child = spawn(settings.executable, serveArguments(settings), { env: { ...settings.environment } });
  const waiting = new Map<string, (facts: VerificationFacts) => void>();
  const end = waitForEnd(child);
  const stderr = keepTail(child);
  let nextId = 0;
  let ended = false;

  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const versions = firstLine(lines, child).then(readVersions);
  /** Why this client ended the process. */
  let ending: string | undefined;
  const kill = (why: string) => {
    ending ??= why;
    child.kill("SIGKILL");
  };
  versions.then(
    () => deliver(lines, waiting).catch((error: unknown) => kill(`its answer could not be parsed: ${whyNot(error)}`)),
    () => child.kill("SIGKILL"),
  );
  // A write to a process that has just ended; its end answers the requests.
  child.stdin.on("error", () => {});

  end.then(async (how) => {
    ended = true;
    const cause = await versions.then(
      () => how,
      (error: unknown) => (error instanceof NotReadyError ? { started: false, text: error.message } : how),
    );
    const text = ending === undefined ? cause.text : `${ending}; ${cause.text}`;
    for (const [id, answer] of waiting) {
      waiting.delete(id);
      answer(endedFacts({ ...cause, text }, stderr()));
    }
  });

  return {
    versions,
    hasEnded: () => ended,
    verify(request, remembered) {
      const id = String(nextId++);
      // The process accepts whole milliseconds above 0. A deadline that has passed is a deadline, not an invalid
      // request.
      const deadlineMs = Math.max(1, Math.floor(request.deadlineMs));
      return new Promise((resolve) => {
        let hang: NodeJS.Timeout | undefined;
        waiting.set(id, (facts) => {
          clearTimeout(hang);
          resolve({ ...facts, reference: request.reference });
        });
        // The process counts the deadline from reading the request, which happens only once it is ready.
        versions.then(
          () => {
            const limitMs = deadlineMs + HANG_GRACE_MS;
            hang = setTimeout(() => kill(`it did not answer within ${limitMs} ms`), limitMs);
            const awaiting = remembered === undefined ? {} : { awaitsRemembered: true };
            child.stdin.write(`${JSON.stringify({ ...request, ...awaiting, id, deadlineMs })}\n`);
            remembered?.then((signatures) => {
              if (waiting.has(id)) child.stdin.write(`${JSON.stringify({ id, remembered: signatures })}\n`);
            });
          },
          () => {},
        );
      });
    },
    async stop() {
      await Promise.all([...waiting.keys()].map((id) => settled(waiting, id)));
      child.stdin.end();
      const kill = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
      await end;
      clearTimeout(kill);
    },
  };
}

function serveArguments(settings: NotationSettings): string[] {
  return [
    "serve",
    "--config",
    settings.config,
    "--plugin",
    settings.plugin,
    ...(settings.plainHttp ? ["--plain-http"] : []),
    ...(settings.signerEndpoint === undefined ? [] : ["--signer-endpoint", settings.signerEndpoint]),
  ];
}

/** How a run of the process ended. */
interface Ending {
  readonly started: boolean;
  readonly text: string;
}

/** Resolves when the process has ended and its output is read. */
function waitForEnd(child: ChildProcessWithoutNullStreams): Promise<Ending> {
  return new Promise((resolve) => {
    child.once("error", ({ message }) => resolve({ started: false, text: `it could not be started: ${message}` }));
    child.once("close", (code, signal) =>
      resolve({ started: true, text: signal === null ? `it ended with code ${code}` : `it was ended by ${signal}` }),
    );
  });
}

/** The facts about an image when the process that should have verified it has ended. */
function endedFacts({ started, text }: Ending, stderr: string): VerificationFacts {
  const detail =
    started && stderr ? `the notation process failed: ${text}: ${stderr}` : `the notation process failed: ${text}`;
  const error = { stage: "process", kind: started ? "crashed" : "misconfigured", detail } as const;
  return { reference: "", outcome: "failed", signatures: [], pages: 0, error };
}

function whyNot(error: unknown): string {
  const text = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
  return text.replace(/\s+/g, " ").slice(0, 300);
}

function keepTail(child: ChildProcessWithoutNullStreams): () => string {
  let tail = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    tail = (tail + chunk).slice(-STDERR_KEPT);
  });
  return () => tail.trim();
}

async function firstLine(lines: AsyncIterator<string>, child: ChildProcessWithoutNullStreams): Promise<string> {
  const late = setTimeout(() => child.kill("SIGKILL"), READY_LIMIT_MS);
  try {
    const first = await lines.next();
    if (first.done) throw new Error("the notation process ended before it was ready");
    return first.value;
  } finally {
    clearTimeout(late);
  }
}

function readVersions(line: string): NotationVersions {
  const answer = readySchema.parse(JSON.parse(line));
  if (answer.ready) {
    const { ready: _, ...versions } = answer;
    return versions;
  }
  throw new NotReadyError(answer.file === undefined ? answer.detail : `${answer.file}: ${answer.detail}`);
}

async function deliver(
  lines: AsyncIterator<string>,
  waiting: Map<string, (facts: VerificationFacts) => void>,
): Promise<void> {
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const { id, ...facts } = resultSchema.parse(JSON.parse(line.value));
    const answer = waiting.get(id);
    waiting.delete(id);
    answer?.(facts);
  }
}

/** Resolves when the request has been answered. */
function settled(waiting: Map<string, (facts: VerificationFacts) => void>, id: string): Promise<void> {
  return new Promise((resolve) => {
    const answer = waiting.get(id);
    if (answer === undefined) return resolve();
    waiting.set(id, (facts) => {
      answer(facts);
      resolve();
    });
  });
}
