import { DescribeServiceRevisionsCommand, type ECSClient, type ServiceRevision } from "@aws-sdk/client-ecs";
import { ReferenceInvalidError, readReference } from "../../../trust/reference";

/** A service revision or its task definition could not be read, or does not say what is deployed. */
export class RevisionError extends Error {
  override readonly name = "RevisionError";

  constructor(revisionArn: string, what: string, options?: ErrorOptions) {
    super(`Cannot read what ${revisionArn} deploys: ${what}`, options);
  }
}

/**
 * Reads service revisions, in the order of the ARNs; at most 20 (API reference, DescribeServiceRevisions). Needs
 * `ecs:DescribeServiceRevisions`.
 *
 * @throws {@link RevisionError} if ECS does not find one, and the errors of the SDK.
 */
export async function readRevisions(ecs: ECSClient, arns: readonly string[]): Promise<readonly ServiceRevision[]> {
  if (arns.length === 0) return [];
  const { serviceRevisions = [], failures = [] } = await ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [...arns] }),
  );
  return arns.map((arn) => {
    const found = serviceRevisions.find(({ serviceRevisionArn }) => serviceRevisionArn === arn);
    if (found !== undefined) return found;
    const reason = failures.find((failure) => failure.arn === arn)?.reason ?? "ECS does not know it";
    throw new RevisionError(arn, reason);
  });
}

/**
 * The digests of the containers of a revision, by the container's name: those that ECS has resolved, otherwise those in the
 * images' references.
 */
export function digestsOf({ containerImages = [] }: ServiceRevision): ReadonlyMap<string, string> {
  return new Map(
    containerImages.flatMap(({ containerName, imageDigest, image = "" }) => {
      const digest = imageDigest || digestIn(image);
      return containerName && digest ? [[containerName, digest] as const] : [];
    }),
  );
}

function digestIn(image: string): string | undefined {
  const reference = readReference(image);
  return reference instanceof ReferenceInvalidError ? undefined : reference.digest;
}
