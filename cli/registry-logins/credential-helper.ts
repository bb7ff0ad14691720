import { type ChildProcess, spawn } from "node:child_process";
import * as z from "zod";
import { quote } from "../../trust/quote";
import { parseJson } from "../../trust/text/parse-json";
import { CommandFailedError } from "../lib/errors";

/** How long a helper may take, in milliseconds. */
export const HELPER_LIMIT_MS = 10_000;
/** The most that a helper may print, in characters. */
const MOST_OUTPUT = 64 * 1024;
/** What a helper prints where it has no login (docker-credential-helpers, `credentials/error.go`). */
const NOT_FOUND = "credentials not found in native keychain";

/** The answer of `get` (docker-credential-helpers, README.md). */
const answerSchema = z.object({ Username: z.string(), Secret: z.string() });

/** What a helper has for a server. */
export type HelperLogin = z.infer<typeof answerSchema>;

export interface HelperQuestion {
  /** As in Docker's configuration: the program is `docker-credential-<name>`, on the PATH. */
  readonly name: string;
  /** As Docker calls the registry. */
  readonly server: string;
  /** The file that names the helper. */
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  readonly limitMs?: number;
}

/**
 * Asks a credential helper for a login; undefined if it has none. Nothing that it prints is shown: it can have secrets.
 *
 * @throws CommandFailedError that names the helper.
 */
export async function askCredentialHelper(question: HelperQuestion): Promise<HelperLogin | undefined> {
  const { name, limitMs = HELPER_LIMIT_MS } = question;
  // The name becomes the name of a program: no path, and no option.
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    throw failure(
      question,
      "has a name that is none of a credential helper",
      "letters, digits, hyphens and underscores",
    );
  }
  const child = spawn(`docker-credential-${name}`, ["get"], {
    env: question.env,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const { output, ending } = await runToEnd(child, question.server, limitMs);
  if (ending === 0) return readAnswer(question, output);
  if (output.trim() === NOT_FOUND) return undefined;
  throw failure(question, typeof ending === "number" ? `ended with code ${ending}` : ending);
}

function readAnswer(question: HelperQuestion, output: string): HelperLogin | undefined {
  const answer = answerSchema.safeParse(parseJson(output));
  if (!answer.success) throw failure(question, "did not answer with JSON that has `Username` and `Secret`");
  const { Username, Secret } = answer.data;
  return Secret === "" ? undefined : { Username, Secret };
}

interface Run {
  readonly output: string;
  /** Its exit code, or what else happened. */
  readonly ending: number | string;
}

/** How long to read the output after the helper has ended, in milliseconds. */
const DRAIN_MS = 200;

/** Never rejects. Does not wait for what the program started itself. */
function runToEnd(child: ChildProcess, input: string, limitMs: number): Promise<Run> {
  return new Promise((resolve) => {
    let output = "";
    const kill = () => child.kill("SIGKILL");
    const end = (ending: number | string) => {
      clearTimeout(timer);
      process.off("exit", kill);
      kill();
      child.stdout?.destroy();
      resolve({ output, ending });
    };
    const timer = setTimeout(() => end(`did not answer within ${limitMs / 1000} seconds`), limitMs);
    process.once("exit", kill);
    child.once("error", (error: NodeJS.ErrnoException) =>
      end(error.code === "ENOENT" ? "is not on the PATH" : `cannot be started (${error.code ?? "unknown error"})`),
    );
    child.once("close", (code, signal) => end(code ?? `was ended by ${signal}`));
    // A program that it started may keep the output open: what the helper itself printed has arrived by then.
    child.once("exit", (code, signal) => setTimeout(() => end(code ?? `was ended by ${signal}`), DRAIN_MS).unref());
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.length > MOST_OUTPUT) end(`printed more than ${MOST_OUTPUT / 1024} KiB`);
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

function failure({ name, server, file }: HelperQuestion, what: string, allowed?: string): CommandFailedError {
  return new CommandFailedError({
    where: file,
    what: `The credential helper ${quote(name)}, which Docker's configuration names for ${quote(server)}, ${what}.`,
    fix: "Its output is not shown, because it can have secrets: run `docker login` or the helper by hand. Or give the login with --username, or set DOCKER_CONFIG to an empty folder to go without Docker's logins.",
    allowed,
  });
}
