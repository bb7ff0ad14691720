import type { ECRClient } from "@aws-sdk/client-ecr";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ecrRegistries, readRegistries } from "../../../../trust/derive";
import type { ResolvedTrustDocument } from "../../../../trust/expand";
import { type CredentialsFor, ecrCredentials } from "./ecr-credentials";
import { secretLogins } from "./secret-logins";

export interface RegistryCredentialsOptions {
  readonly trust: Pick<ResolvedTrustDocument, "registries" | "statements" | "logins">;
  /** Clients of a region. */
  readonly ecr: (region: string) => ECRClient;
  /** Clients of a region. */
  readonly secrets: (region: string) => SecretsManagerClient;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Creates the source of credentials for a trust document's registries: a token for ECR, the login in a secret, or none.
 */
export function registryCredentials({ trust, ecr, secrets, now }: RegistryCredentialsOptions): CredentialsFor {
  const fromSecret = secretLogins({ logins: trust.logins, clientFor: secrets, now });
  const fromEcr = ecrCredentials({
    registries: ecrRegistries({ registries: readRegistries(trust) }).map(({ host }) => host),
    clientFor: ecr,
    now,
  });
  return async (registryHost, refused) => (await fromSecret(registryHost, refused)) ?? fromEcr(registryHost);
}
