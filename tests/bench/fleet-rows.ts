import { sweepFleet } from "../support/fleet";
import type { Row } from "./rows";

/** A sweep of a fleet, without the network: ECS, DynamoDB and the queue are in memory, and verifications take no time. */
export async function fleetSweep(): Promise<readonly Row[]> {
  const { sweep, calls, throttledCalls, begun, readMs, judgedMs } = await sweepFleet({
    clusters: 50,
    tasks: 20_000,
    digests: 500,
    throttled: 20,
  });
  const [summary] = sweep.summaries;
  const count = (operation: string) => calls.get(operation) ?? 0;
  const table = [...calls]
    .filter(([name]) => name.startsWith("DynamoDB."))
    .reduce((sum, [, number]) => sum + number, 0);
  return [
    {
      what: "sweep of 20,000 tasks in 50 clusters over 500 digests, 5 % of ECS's calls throttled, one worker killed",
      budget: "no task missed, 500 verifications and the killed worker's",
      measured: `${summary?.judged} of ${summary?.tasks} judged, ${sweep.verifications.length} verifications (${begun} of the killed)`,
    },
    {
      what: "its calls",
      budget: "-",
      measured: `ListTasks ${count("ECS.ListTasks")}, DescribeTasks ${count("ECS.DescribeTasks")} (${throttledCalls} throttled), DynamoDB ${table}`,
    },
    {
      what: "its time: reading with the SDK's back-off, judging with two workers",
      budget: "-",
      measured: `${(readMs / 1000).toFixed(1)} s, ${(judgedMs / 1000).toFixed(1)} s`,
    },
  ];
}
