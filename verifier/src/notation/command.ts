import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { quote } from "../../../trust/quote";
import { type Fault, FixableError } from "../../../trust/text/fixable-error";
import type { RegistryCredentials } from "./protocol";

/** One run of a command of `notation-verifier` that is about one image: `sign` or `inspect`. */
export interface NotationCommand {
  readonly executable: string;
  readonly args: readonly string[];
  /** `registry/repository` with a tag or a digest. */
  readonly reference: string;
  /** For the registry; they go to standard input, never into arguments. */
  readonly credentials: RegistryCredentials | undefined;
  /** The process's whole environment; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A command has given no answer, or none that can be understood. The message says what it said instead. */
export class NotationCommandError extends FixableError {
  override readonly name = "NotationCommandError";

  get fault(): Fault {
    return "failure";
  }
}

/**
 * Runs it and gives the JSON document that it writes, also when it fails: the document says why.
 *
 * @throws {@link NotationCommandError} if it writes none, or another one than it should.
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
      throw new NotationCommandError(`${program} gave an answer that is not understood${where}`, { cause: error });
    }
    // Others may have chosen parts of it.
    const said = quote(stderr.trim().split("\n", 1)[0] ?? "", 1000).slice(1, -1);
    throw new NotationCommandError(`${program} failed: ${said || ending}`, { cause: error });
  }
}

interface Run {
  readonly stdout: string;
  readonly stderr: string;
  /** How it ended, in words. */
  readonly ending: string;
}

async function run({ executable, args, reference, credentials, environment }: NotationCommand): Promise<Run> {
  const login = credentials === undefined ? [] : ["--credentials-stdin"];
  const child = spawn(executable, [...args, ...login, reference], { env: { ...environment } });
  // A signal ends this process by process.exit, which would leave the other running.
  const kill = () => child.kill();
  process.once("exit", kill);
  const ended = new Promise<string>((resolve) => {
    child.once("error", ({ message }) => resolve(`it could not be started: ${message}`));
    child.once("close", (code, signal) =>
      resolve(signal === null ? `it ended with code ${code}` : `${signal} ended it`),
    );
  });
  // A program that ends early says why on its standard error.
  child.stdin.on("error", () => {});
  child.stdin.end(credentials === undefined ? "" : JSON.stringify(credentials));
  const [stdout, stderr, ending] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  process.off("exit", kill);
  return { stdout, stderr, ending };
}

/** The flags that every command with the plugin and a registry has. */
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
