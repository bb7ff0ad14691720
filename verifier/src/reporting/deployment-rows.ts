import { lastPart } from "../ecs/arn";
import type { VerdictRecord } from "./record-schema";

/** What a person needs to know about a deployment: which one, whose it is, what ECS shows, and how to open the gate. */
export function deploymentRows(record: VerdictRecord): readonly (readonly [string, string])[] {
  const { deployment = "", serviceRevision = "", owner = "unknown: the service has no such tag", response } = record;
  const about = [
    ["Deployment", deployment],
    ["Revision", serviceRevision],
  ] as const;
  if (response !== "refused" && response !== "refused-first-deployment") return about;
  return [...about, ["Owner", owner], ["ECS shows", shownByEcs(record)], ["Open", howToOpen(record)]];
}

/** ECS shows a fixed text for a refused deployment, without our reason (developer guide, "Troubleshooting blue/green"). */
function shownByEcs({ stage, response }: VerdictRecord): string {
  const first = response === "refused-first-deployment" ? " No rollback candidate was found to run the rollback." : "";
  return `Service deployment rolled back because ${stage} lifecycle hook(s) failed.${first}`;
}

/** The gate's command line has the service as CLUSTER/SERVICE. */
function howToOpen({ cluster, service, environment, code }: VerdictRecord): string {
  if (code === "digest-blocked") return "An opening does not let a blocked digest through: end the block first.";
  const name = `${lastPart(cluster)}/${service}`;
  return `In an emergency: ecs-image-verification gate open ${name} --for 2h --reason "WHY" --stack STACK (of environment ${environment})`;
}
