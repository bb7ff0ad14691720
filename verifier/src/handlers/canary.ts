import { type CanaryOutcome, runCanary } from "../canary/run-canary";
import { startCanary } from "../canary/start";

const { canary, publish } = startCanary(process.env);

/** AWS Lambda calls this on a schedule, and once at each deployment of the function. It fails if no task could be started. */
export async function handler(): Promise<{ readonly outcome: CanaryOutcome }> {
  try {
    return { outcome: await runCanary(canary) };
  } finally {
    publish();
  }
}
