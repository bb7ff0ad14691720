import { InvalidArgumentError } from "commander";
import { knownTokenServer, tokenServerFinding } from "../../trust/registry-login";
import { withoutUndefined } from "../../trust/text/without-undefined";
import type { RegistryCredentials } from "../../verifier/src/notation/protocol";

/** The host of a token server, for an option. */
export function parseTokenServer(text: string): string {
  const finding = tokenServerFinding(text);
  if (finding === undefined) return text;
  throw new InvalidArgumentError(`It ${finding.message}. It must be a host, such as auth.docker.io.`);
}

/** A login that the registry's token server may get as well: the given one, else the one that everyone knows. */
export function withTokenServer(
  registry: string,
  login: RegistryCredentials,
  given: string | undefined,
): RegistryCredentials {
  return { ...login, ...withoutUndefined({ tokenServer: given ?? knownTokenServer(registry) }) };
}
