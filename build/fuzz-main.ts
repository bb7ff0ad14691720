import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Collected, collectGo } from "./collect-go";
import { type FuzzTarget, fuzzTargets, isOnlyOutOfTime, shareOf } from "./fuzz-targets";

const MODULE = resolve(__dirname, "../verifier/notation");

/** Fuzzes one target. Rejects with code ENOENT if Go is not installed. */
function fuzz({ package: folder, name }: FuzzTarget, seconds: number): Promise<Collected> {
  // Without a limit Go spends most of a short time on making inputs smaller that reach something new.
  const args = [
    "test",
    folder,
    "-run",
    "^$",
    "-fuzz",
    `^${name}$`,
    "-fuzztime",
    `${seconds}s`,
    "-fuzzminimizetime",
    "1s",
  ];
  return collectGo("go", args, { cwd: MODULE });
}

/** The last line of progress that Go printed: inputs tried, and those that reached something new. */
function progressIn(output: string): string {
  return output.match(/execs: \d+.*/g)?.at(-1) ?? "no input was tried";
}

/** The input that failed, in the form in which Go keeps it: a machine that is thrown away must not take it along. */
async function failingInput({ package: folder }: FuzzTarget, output: string): Promise<string> {
  const [, file] = /Failing input written to (\S+)/.exec(output) ?? [];
  return file === undefined ? "" : await readFile(resolve(MODULE, folder, file), "utf8");
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { time: { type: "string", default: "60s" } } });
  const targets = await fuzzTargets(MODULE);
  const seconds = shareOf(values.time, targets.length);
  let found = 0;
  for (const target of targets) {
    const { code, output } = await fuzz(target, seconds);
    const what = `${target.package} ${target.name}`;
    if (code === 0 || isOnlyOutOfTime(output)) {
      console.log(`nothing found  ${what}: ${progressIn(output)}`);
      continue;
    }
    found += 1;
    console.error(`FOUND          ${what}\n${output}${await failingInput(target, output)}`);
  }
  if (found === 0) return 0;
  console.error(
    `${found} of ${targets.length} targets failed. Go has written each input into testdata/fuzz of its package: fix the code, and commit the file, which is a test from now on.`,
  );
  return 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: NodeJS.ErrnoException) => {
    console.error(error.code === "ENOENT" ? "Go is not installed (1.26 or newer, https://go.dev/dl)." : error.message);
    process.exitCode = 1;
  },
);
