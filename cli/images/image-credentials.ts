import { parseEcrHost } from "../../trust/partition";
import type { RegistryCredentials } from "../../verifier/src/notation/protocol";
import { ecrClients } from "../../verifier/src/verification/registry/ecr-clients";
import { ecrCredentials } from "../../verifier/src/verification/registry/ecr-credentials";
import { readPassword } from "../lib/password";
import { withTokenServer } from "../registry-logins/token-server";
import type { ImageAccess } from "./image-access";
import { machineLogins } from "./verify-credentials";

/**
 * The credentials for the registry of one image only: those of `--username`; otherwise, for ECR those of the AWS user, and
 * for other registries Docker's login; or none.
 */
export async function credentialsFor(
  registry: string,
  options: Pick<ImageAccess, "username" | "tokenServer"> = {},
): Promise<RegistryCredentials | undefined> {
  const { username, tokenServer } = options;
  if (username !== undefined) return withTokenServer(registry, await readPassword(username, registry), tokenServer);
  if (parseEcrHost(registry) === undefined) return machineLogins(options, new Set([registry]))(registry);
  const fromAws = ecrCredentials({
    registries: [registry],
    clientFor: ecrClients(),
    now: Date.now,
  });
  return fromAws(registry);
}
