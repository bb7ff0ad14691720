import { cpus, totalmem } from "node:os";
import Table from "cli-table3";
import { startBenchStack } from "./bench-stack";
import { fleetSweep } from "./fleet-rows";
import { gateAnswer } from "./gate-rows";
import {
  bundle,
  burst,
  cachedLaunch,
  firstVerdict,
  fourContainers,
  type Row,
  residentMemory,
  verdictAgain,
} from "./rows";

/** Measures the budgets of docs/benchmarks.md. It reports; it never fails because of a number. */
async function main(): Promise<void> {
  process.stderr.write("Building what is missing, then measuring. This takes about a minute.\n");
  const bench = await startBenchStack();
  const { notation } = bench;
  try {
    const rows: Row[] = [
      await cachedLaunch(bench, notation),
      await firstVerdict(bench, notation, bench.stack.registry, "<= 0.5 x"),
      await firstVerdict(bench, notation, bench.slow.address, "<= 0.6 x"),
      await fourContainers(bench, notation, bench.stack.registry),
      await fourContainers(bench, notation, bench.slow.address),
      await burst(bench, notation),
      await gateAnswer(bench, notation, 1),
      await gateAnswer(bench, notation, 10),
      await verdictAgain(bench, notation),
      await residentMemory(),
      await bundle(),
      ...(await fleetSweep()),
    ];
    print(rows);
  } finally {
    await bench.close();
  }
}

function print(rows: readonly Row[]): void {
  const table = new Table({ head: ["what", "budget", "measured"], style: { head: [], border: [] } });
  table.push(...rows.map(({ what, budget, measured }) => [what, budget, measured]));
  const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node.js ${process.version}`;
  process.stdout.write(`${table.toString()}\n${machine}; medians of 25 runs, the Notation CLI on the same images.\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
