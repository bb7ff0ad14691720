import { readdir, readFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";

/** A fuzz target of a Go module. */
export interface FuzzTarget {
  /** Its package, as `go test` takes it: `./internal/envelope`. */
  readonly package: string;
  readonly name: string;
}

/** The fuzz targets of a Go module: its functions `FuzzName`, sorted by package and name. */
export async function fuzzTargets(module: string): Promise<readonly FuzzTarget[]> {
  const files = (await readdir(module, { recursive: true })).filter((file) => file.endsWith("_test.go")).sort();
  const targets: FuzzTarget[] = [];
  for (const file of files) {
    const source = await readFile(join(module, file), "utf8");
    const folder = dirname(file).split(sep).join("/");
    for (const [, name = ""] of source.matchAll(/^func (Fuzz\w+)\(/gm)) {
      targets.push({ package: folder === "." ? "." : `./${folder}`, name });
    }
  }
  return targets.sort((one, other) => (`${one.package} ${one.name}` < `${other.package} ${other.name}` ? -1 : 1));
}

/**
 * Whether Go calls it a failure that the time was over: before 1.27 it does so now and then, without any input that fails
 * (golang/go#75804).
 */
export function isOnlyOutOfTime(output: string): boolean {
  return (
    /^ +context deadline exceeded$/m.test(output) && !/Failing input written|panic:|failure while testing/.test(output)
  );
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/**
 * How long each target runs, in whole seconds and at least one: an equal share of the time.
 *
 * @param time `90s`, `5m`, `1h`
 * @throws Error if the time is written otherwise.
 */
export function shareOf(time: string, targets: number): number {
  const [, count, unit] = /^([1-9]\d{0,5})([smh])$/.exec(time) ?? [];
  const seconds = unit === undefined ? undefined : SECONDS[unit];
  if (count === undefined || seconds === undefined) {
    throw new Error(`--time ${time} is not a time: write seconds, minutes or hours, like 60s, 5m or 1h.`);
  }
  return Math.max(1, Math.floor((Number(count) * seconds) / targets));
}
