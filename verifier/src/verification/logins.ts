import type { Statement } from "../../../trust/document";
import type { ImageReference } from "../../../trust/reference";
import { toRegistry } from "../../../trust/repository-entry";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { RegistryCredentials } from "../notation/protocol";
import { type CredentialsFor, isSameLogin, RegistryCredentialsError } from "./registry/ecr-credentials";

/** The logins for one verification. */
export type Logins = { readonly beside?: RegistryCredentials } & (
  | { readonly elsewhere?: RegistryCredentials }
  /** Why the repository of `signaturesFrom` cannot be read. */
  | { readonly error: RegistryCredentialsError }
);

type Source = Pick<Statement, "signaturesFrom">;

/**
 * Finds the login for the image's registry, and that for the registry of `signaturesFrom`, whose failure must not prevent
 * the verification of an image that has its signatures beside it.
 *
 * @throws RegistryCredentialsError for the image's registry.
 */
export async function findLogins(
  { registry }: ImageReference,
  { signaturesFrom }: Source,
  credentialsFor: CredentialsFor,
): Promise<Logins> {
  const [beside, elsewhere] = await Promise.all([
    credentialsFor(registry),
    signaturesFrom === undefined ? undefined : credentialsFor(toRegistry(signaturesFrom)).catch(toLoginError),
  ]);
  return elsewhere instanceof RegistryCredentialsError
    ? { ...withoutUndefined({ beside }), error: elsewhere }
    : withoutUndefined({ beside, elsewhere });
}

/** Logins of which at least one is newer than the one that its registry may have refused; undefined if there are none. */
export async function renewLogins(
  { registry }: ImageReference,
  { signaturesFrom }: Source,
  logins: Logins,
  credentialsFor: CredentialsFor,
): Promise<Logins | undefined> {
  const [beside, elsewhere] = await Promise.all([
    renewed(registry, logins.beside, credentialsFor),
    signaturesFrom === undefined || "error" in logins
      ? undefined
      : renewed(toRegistry(signaturesFrom), logins.elsewhere, credentialsFor).catch(() => undefined),
  ]);
  if (beside === undefined && elsewhere === undefined) return undefined;
  return { ...logins, ...withoutUndefined({ beside, elsewhere }) };
}

function toLoginError(error: unknown): RegistryCredentialsError {
  if (error instanceof RegistryCredentialsError) return error;
  throw error;
}

async function renewed(
  registry: string,
  refused: RegistryCredentials | undefined,
  credentialsFor: CredentialsFor,
): Promise<RegistryCredentials | undefined> {
  if (refused === undefined) return undefined;
  const found = await credentialsFor(registry, refused);
  return found === undefined || isSameLogin(found, refused) ? undefined : found;
}
