import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { inLine } from "../../../trust/quote";
import { type Fault, FixableError } from "../../../trust/text/fixable-error";
import type { RegistryCredentials } from "./protocol";

/** One run of a `notation-verifier` command for one image: `sign` or `inspect`. */
export interface NotationCommand {
  readonly executable: string;
  readonly args: readonly string[];
  /** `registry/repository` with a tag or a digest. */
  readonly reference: string;
  /** For the registry; passed on standard input, never as arguments. */
  readonly credentials: RegistryCredentials | undefined;
  /** The whole environment of the process; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A command gave no answer, or one that cannot be parsed. The message says what it printed instead. */
export class NotationCommandError extends FixableError {
  override readonly name = "NotationCommandError";

  get fault(): Fault {
    return "failure";
  }
}

/**
 * Runs the command and returns the JSON document that it prints. A failed command prints one too: it says why.
 *
 * @throws {@link NotationCommandError} if it prints none, or one of another form.
 */
export async function runNotation<Answer>(command: NotationCommand, answer: z.ZodType<Answer>): Promise<Answer> {
  const { stdout, stderr, ending } = await run(command);
  try {
    return answer.parse(JSON.parse(stdout));
  } catch (error) {
    const program = `${command.executable} ${command.args[0]}`;
    if (error instanceof z.ZodError) {
      const [issue] = error.issues;
      const where = issue === undefined ? "" : `: ${issue.path.join(".") || "the whole"}: ${issue.message}`;
      throw new NotationCommandError(`${program} gave an answer that cannot be parsed${where}`, { cause: error });
    }
    // Others may control parts of this text.
    const said = inLine(stderr.trim().split("\n", 1)[0] ?? "", 1000);
    throw new NotationCommandError(`${program} failed: ${said || ending}`, { cause: error });
  }
}

interface Run {
  readonly stdout: string;
  readonly stderr: string;
  /** How it ended, as text. */
  readonly ending: string;
}

async function run({ executable, args, reference, credentials, environment }: NotationCommand): Promise<Run> {
  const login = credentials === undefined ? [] : ["--credentials-stdin"];
  const child = spawn(executable, [...args, ...login, reference], { env: { ...environment } });
  // On a signal, this process ends through process.exit, which would leave the child process running.
  const kill = () => child.kill();
  process.once("exit", kill);
  const ended = new Promise<string>((resolve) => {
    child.once("error", ({ message }) => resolve(`it could not be started: ${message}`));
    child.once("close", (code, signal) =>
      resolve(signal === null ? `it ended with code ${code}` : `${signal} ended it`),
    );
  });
  // A program that ends early prints the reason on its standard error.
  child.stdin.on("error", () => {});
  child.stdin.end(credentials === undefined ? "" : JSON.stringify(credentials));
  const [stdout, stderr, ending] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  process.off("exit", kill);
  return { stdout, stderr, ending };
}

/** The flags of every command that uses the plugin and a registry. */
export function accessFlags(access: {
  readonly plugin: string | undefined;
  readonly signerEndpoint: string | undefined;
  readonly plainHttp: boolean;
}): string[] {
  return [
    ...(access.plugin === undefined ? [] : ["--plugin", access.plugin]),
    ...(access.signerEndpoint === undefined ? [] : ["--signer-endpoint", access.signerEndpoint]),
    ...(access.plainHttp ? ["--plain-http"] : []),
  ];
}
