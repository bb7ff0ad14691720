import type { ResolvedTrustDocument } from "../../trust/expand";
import type { GivenCredentials } from "../../verifier/src/verification/registry/choose-credentials";
import { UsageError } from "../lib/errors";
import { readPassword } from "../lib/password";
import { type DockerLogins, dockerLogins } from "../registry-logins/docker-logins";
import { withTokenServer } from "../registry-logins/token-server";
import type { ImageAccess } from "./image-access";

type LoginOptions = Pick<ImageAccess, "username" | "tokenServer">;

/**
 * Checks that a login is for one registry, so that it can never be sent to another.
 *
 * @throws UsageError if the images are of several registries.
 */
export function checkOneRegistry({ username, tokenServer }: LoginOptions, registries: ReadonlySet<string>): void {
  if (registries.size < 2 || (username === undefined && tokenServer === undefined)) return;
  const option = username === undefined ? "--token-server" : "--username";
  throw new UsageError(
    `${option} is for images of exactly one registry, and these are of ${registries.size} (${[...registries].join(", ")}). Call verify once for each.`,
  );
}

/** The credentials of `--username` for the one registry of the images, if there are any. Asks for the password. */
export async function givenCredentials(
  { username, tokenServer }: LoginOptions,
  registries: ReadonlySet<string>,
  trust: Pick<ResolvedTrustDocument, "logins">,
): Promise<GivenCredentials | undefined> {
  const [registry] = registries;
  if (registry === undefined || username === undefined) return undefined;
  const named = trust.logins.find(({ host }) => host === registry)?.tokenServer;
  return { registry, ...withTokenServer(registry, await readPassword(username, registry), tokenServer ?? named) };
}

/** Docker's logins. The token server of the options is for the registries of the images only, not for others' signatures. */
export function machineLogins(
  { tokenServer }: Pick<LoginOptions, "tokenServer">,
  registries: ReadonlySet<string>,
  fromDocker: DockerLogins = dockerLogins(),
): DockerLogins {
  return async (registry) => {
    const login = await fromDocker(registry);
    return login && withTokenServer(registry, login, registries.has(registry) ? tokenServer : undefined);
  };
}
