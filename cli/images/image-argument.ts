import { type ImageReference, parseReference, ReferenceInvalidError } from "../../trust/reference";
import type { RegistryCredentials } from "../../verifier/src/notation/protocol";
import { ecrClients } from "../../verifier/src/verification/registry/ecr-clients";
import { ecrCredentials, RegistryCredentialsError } from "../../verifier/src/verification/registry/ecr-credentials";
import { CommandFailedError, UsageError } from "../lib/errors";
import { readPassword } from "../lib/password";

/** The image that a command is called for. @throws {@link UsageError} if it is none. */
export function parseImage(text: string): ImageReference {
  try {
    return parseReference(text);
  } catch (error) {
    if (error instanceof ReferenceInvalidError) throw new UsageError(error.message);
    throw error;
  }
}

/**
 * The credentials for the registry of one image, and for no other: those of `--username`, or of the AWS user if it is
 * ECR, or none.
 */
export async function credentialsFor(
  registry: string,
  username: string | undefined,
): Promise<RegistryCredentials | undefined> {
  if (username !== undefined) return readPassword(username, registry);
  const fromAws = ecrCredentials({
    registries: [registry],
    clientFor: ecrClients(),
    now: Date.now,
  });
  try {
    return await fromAws(registry);
  } catch (error) {
    if (error instanceof RegistryCredentialsError) throw new CommandFailedError(error.message, { cause: error });
    throw error;
  }
}
