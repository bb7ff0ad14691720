import { readRegistries } from "../../../../trust/derive";
import type { ResolvedTrustDocument } from "../../../../trust/expand";
import type { RegistryCredentials } from "../../notation/protocol";
import type { CredentialsFor } from "./ecr-credentials";

/** Credentials for one registry. */
export type GivenCredentials = RegistryCredentials & { readonly registry: string };

export interface CredentialSources {
  readonly trust: Pick<ResolvedTrustDocument, "registries" | "statements">;
  /** What the operator gave with the call. */
  readonly given?: GivenCredentials | undefined;
  /** The login in the trust document's secret, or ECR's token. */
  readonly fromTrust: CredentialsFor;
  /** A login that is stored on this machine. */
  readonly fromMachine?: CredentialsFor | undefined;
}

/**
 * Creates the source of credentials on an operator's machine. In this order: those given with the call, the trust
 * document's secret or ECR's token, a login of this machine, none. A login of this machine is only looked for if the
 * trust document names the registry.
 */
export function chooseCredentials({ trust, given, fromTrust, fromMachine }: CredentialSources): CredentialsFor {
  const listed = new Set(readRegistries(trust));
  return async (registry, refused) => {
    if (registry === given?.registry) return given;
    const found = await fromTrust(registry, refused);
    return found === undefined && listed.has(registry) ? fromMachine?.(registry, refused) : found;
  };
}
