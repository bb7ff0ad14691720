import { DescribeServiceRevisionsCommand, type ECSClient, type ServiceRevision } from "@aws-sdk/client-ecs";
import { digestInReference } from "../verification/subject";

/** A service revision or its task definition could not be read, or does not say what is deployed. */
export class RevisionError extends Error {
  override readonly name = "RevisionError";

  constructor(revisionArn: string, what: string, options?: ErrorOptions) {
    super(`Cannot read what ${revisionArn} deploys: ${what}`, options);
  }
}

/**
 * Reads a service revision. Needs `ecs:DescribeServiceRevisions`.
 *
 * @throws {@link RevisionError} if ECS does not find it, and the errors of the SDK.
 */
export async function readRevision(ecs: ECSClient, arn: string): Promise<ServiceRevision> {
  const { serviceRevisions = [], failures = [] } = await ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn] }),
  );
  const found = serviceRevisions.find(({ serviceRevisionArn }) => serviceRevisionArn === arn);
  if (found !== undefined) return found;
  throw new RevisionError(arn, failures[0]?.reason ?? "ECS does not know it");
}

/** The most revisions that one call describes (API reference, DescribeServiceRevisions). */
const PER_CALL = 20;

/** Reads those of one or more revisions that ECS knows, at most 20. Needs `ecs:DescribeServiceRevisions`. */
export async function readKnownRevisions(ecs: ECSClient, arns: readonly string[]): Promise<readonly ServiceRevision[]> {
  const serviceRevisionArns = arns.slice(0, PER_CALL);
  const { serviceRevisions = [] } = await ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns }));
  return serviceRevisions;
}

/**
 * The digests of the containers of a revision, by the container's name: those that ECS has resolved, otherwise those in the
 * images' references.
 */
export function digestsOf({ containerImages = [] }: ServiceRevision): ReadonlyMap<string, string> {
  return new Map(
    containerImages.flatMap(({ containerName, imageDigest, image }) => {
      const digest = imageDigest || digestInReference(image);
      return containerName && digest ? [[containerName, digest] as const] : [];
    }),
  );
}
