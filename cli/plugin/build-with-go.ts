import { join } from "node:path";
import { CommandFailedError } from "../lib/errors";
import { printable } from "../lib/printable";
import { runProgram } from "../lib/run-program";
import type { GoRelease } from "./release";

/** Go is not on the PATH. */
export class GoMissingError extends CommandFailedError {}

/**
 * Settings of Go under which only what the checksum database vouches for is built. They are those of verifier/Dockerfile: no
 * setting of the machine may switch that off.
 */
const VOUCHED_FOR = {
  CGO_ENABLED: "0",
  GOENV: "off",
  GOSUMDB: "sum.golang.org",
  GOPRIVATE: "",
  GONOSUMDB: "",
  GOINSECURE: "",
  GOFLAGS: "",
  GOWORK: "off",
};

/**
 * Builds a program of a public Go module in an empty folder, and gives its path.
 *
 * @throws {@link GoMissingError}, or {@link CommandFailedError} with what Go says.
 */
export async function buildWithGo({ package: main, version }: GoRelease, folder: string): Promise<string> {
  // Before GOENV=off hides it: a company's proxy may be the only way out. What it gives is vouched for all the same.
  const GOPROXY = (await go(["env", "GOPROXY"], folder, process.env)).trim();
  process.stderr.write(`Building ${main} ${version} with Go: this takes up to a minute.\n`);
  const env = { ...process.env, ...VOUCHED_FOR, ...(GOPROXY === "" ? {} : { GOPROXY }) };
  const executable = join(folder, "built");
  await go(["mod", "init", "plugin"], folder, env);
  await go(["get", `${main}@${version}`], folder, env);
  await go(["mod", "verify"], folder, env);
  await go(["build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", executable, main], folder, env);
  return executable;
}

async function go(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const outcome = await runProgram("go", { args, cwd, env });
  if (outcome.kind === "missing") throw new GoMissingError("Go is not on the PATH.");
  if (outcome.kind === "ended" && outcome.code === 0) return outcome.stdout;
  const why = outcome.kind === "ended" ? lastLines(outcome.stderr) : "it cannot be run";
  throw new CommandFailedError(`go ${args.slice(0, 2).join(" ")} failed:\n${why}`);
}

/** Downloads come first, and the error last. */
function lastLines(text: string): string {
  const lines = text.trim().split("\n").slice(-8);
  return lines.map((line) => `  ${printable(line.trim(), 300)}`).join("\n");
}
