import type { Place } from "./context";
import type { Step } from "./step";

/** The planned acceptance test. */
export interface Plan {
  readonly stack: string;
  readonly place: Place;
  readonly report: string;
  /** Slack, PagerDuty. */
  readonly channels: readonly string[];
}

/** The resources to create, their cost and the steps, for the caller to confirm. */
export function planText({ stack, place, report, channels }: Plan, steps: readonly Step<never>[]): string {
  const { account, region, cluster } = place;
  const number = (index: number) => `${index + 1}.`.padEnd(3);
  return [
    `In the account ${account}, region ${region}, this creates the stack ${stack} and removes it again:`,
    "  an environment that audits launches and stops nothing: a signing profile, three repositories with images, three Lambda",
    "  functions, tables, a key, queues, a topic, rules, alarms, log groups, roles, two task definitions; and a queue that",
    "  receives the messages. Its deployment gate refuses deployments of a service that is made for it, and of no other.",
    `  A few small tasks run in ${cluster}, each for a few minutes, one of them of that service; all are removed with the rest.`,
    ...(channels.length === 0 ? [] : [`  ${channels.join(" and ")} gets messages about denials.`]),
    "It usually costs less than 1 US dollar (Fargate, alarms, images for an hour), and takes 25 to 50 minutes.",
    "A removed signing profile stays in the account as cancelled until AWS deletes it, after its last signature has expired.",
    "",
    "Steps:",
    ...steps.map(({ id, title }, index) => `  ${number(index)} ${id.padEnd(15)} ${title}`),
    "",
    `Report: ${report}`,
  ].join("\n");
}
