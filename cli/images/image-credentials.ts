import type { RegistryCredentials } from "../../verifier/src/notation/protocol";
import { ecrClients } from "../../verifier/src/verification/registry/ecr-clients";
import { ecrCredentials } from "../../verifier/src/verification/registry/ecr-credentials";
import { readPassword } from "../lib/password";

/**
 * The credentials for the registry of one image only: those of `--username`, those of the AWS user if the registry is
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
  return fromAws(registry);
}
