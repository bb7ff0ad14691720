import { InvalidArgumentError } from "commander";
import { parseEcrHost } from "../../trust/partition";
import { parseReference, ReferenceInvalidError, readReference, repositoryName } from "../../trust/reference";

/** A repository: `registry/repository`, without tag and digest. */
export function parseRepository(text: string): string {
  const reference = readReference(text);
  if (!(reference instanceof ReferenceInvalidError) && repositoryName(reference) === text) return text;
  throw new InvalidArgumentError(
    "It must be a repository without tag and digest, such as 111122223333.dkr.ecr.eu-west-1.amazonaws.com/verifier.",
  );
}

/** Why a function in the region cannot run an image pushed there, to complete a sentence; undefined if it can. */
export function repositoryProblem(repository: string, region: string): string | undefined {
  const { registry } = parseReference(repository);
  // For trying it out: AWS is not asked, and the configuration does not accept such an image.
  if (/^(?:localhost|127\.0\.0\.1)(?::\d+)?$/.test(registry)) return undefined;
  const found = parseEcrHost(registry)?.region;
  if (found === region) return undefined;
  const where = found === undefined ? "is not in ECR" : `is in ${found}`;
  return `${where}; the stack is in ${region}, and Lambda takes images of ECR in its own region only.`;
}
