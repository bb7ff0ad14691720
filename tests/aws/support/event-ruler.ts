import { execFile } from "node:child_process";
import { join } from "node:path";
import { areFetched, eventRuler, fetchJars } from "../../../build/jars";
import { orSkip } from "../../support/skip-or-fail";

const FETCH_LIMIT_MS = 10 * 60_000;
const PROGRAM = join(__dirname, "../event-ruler/Match.java");

/** An event beside an event pattern, as JSON. */
export interface Question {
  readonly pattern: string;
  readonly event: object;
}

/**
 * Asks EventBridge's own matching library (github.com/aws/event-ruler) whether patterns match events, all with one start of
 * Java. Rejects if the library takes a pattern for none.
 */
export type Match = (questions: readonly Question[]) => Promise<readonly boolean[]>;

/** Fetches the library before the tests of a `describe`. The result gives it to a test. */
export function useEventRuler(): Match {
  let jars = "";
  before("fetch EventBridge's matching library", async function () {
    this.timeout(FETCH_LIMIT_MS);
    jars = await orSkip(this, async () => {
      if (!(await areFetched(eventRuler)))
        console.log("  fetching EventBridge's matching library (once; it is kept in the cache folder)");
      return fetchJars(eventRuler);
    });
  });
  return async (questions) => {
    const lines = questions.map(({ pattern, event }) => JSON.stringify({ pattern, event: JSON.stringify(event) }));
    const answers = (await java(["-cp", `${jars}/*`, PROGRAM], lines.join("\n"))).trim().split("\n");
    return answers.map((answer) => answer === "true");
  };
}

function java(args: readonly string[], input: string): Promise<string> {
  return new Promise((done, failed) => {
    const child = execFile("java", [...args], (error, stdout, stderr) =>
      error === null ? done(stdout) : failed(new Error(`${error.message}\n${stderr}`)),
    );
    child.stdin?.end(input);
  });
}
