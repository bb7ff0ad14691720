import type { Launch } from "../ecs/launch";
import type { ContainerVerdict } from "../ecs/launch-verdict";
import type { FindingPlace } from "../findings/finding-facts";
import type { Findings } from "../findings/findings";
import { hasNeverRun } from "../reporting/earlier-verdicts";
import { isBad } from "../verification/verdict";

/**
 * Opens, updates and archives the findings in Security Hub about the containers of a launch. Never rejects. Only what has
 * an image that ECS reports, or a digest in its reference: a tag may lead elsewhere before it runs.
 *
 * @param final The containers whose verdict is final.
 */
export async function trackFindings(
  findings: Findings | undefined,
  launch: Launch,
  final: readonly ContainerVerdict[],
): Promise<void> {
  if (findings === undefined) return;
  const certain = final.filter(({ container, verdict }) => !verdict.provisional && !hasNeverRun(launch, container));
  await Promise.all(certain.map((one) => trackFinding(findings, launch, one)));
}

function trackFinding(findings: Findings, launch: Launch, { container, verdict }: ContainerVerdict): Promise<void> {
  const { status, code, detail, reference, digest, signature, counted = [] } = verdict;
  const { clusterArn: cluster, group, taskDefinitionArn: taskDefinition, taskArn: task } = launch;
  const place: FindingPlace = { cluster, group, taskDefinition, container, reference, digest };
  if (!isBad(status)) return findings.launchPassed(place);
  const decided = counted.length > 0 ? counted : [signature].flatMap((one) => one ?? []);
  const signers = decided.flatMap(({ profileVersion }) => profileVersion ?? []);
  return findings.launchFailed({ ...place, task, status, code, detail, signers });
}
