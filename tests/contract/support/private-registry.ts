import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildGo, distribution } from "../../../build/go";
import type { RunningProgram } from "../../../local/process";
import { startDistribution } from "./distribution";
import type { SceneImage } from "./scene";
import { startTokenServer, TOKEN_ISSUER, TOKEN_SERVICE, type TokenServer } from "./token-server";

/** The login that the private registries take. */
export const LOGIN = { username: "ci", password: "s3cr3t" } as const;
export const IDENTITY_TOKEN = "s3cr3t-identity-token";
/** Repositories with this beginning are not for the login, where tokens say so. */
export const HIDDEN = "hidden/";

// Of LOGIN, as `htpasswd -nbB -C 4` writes it.
const HTPASSWD = "ci:$2a$04$KNaBsHP4VX8/zlIEIx02C.Dpm/RHVfK7IwdwrQTC1pF.R7SdXT8jS\n";

/** Registries of CNCF Distribution v3 with one storage: what is pushed to the open one, the others have as well. */
export interface PrivateRegistries {
  /** Takes everything from everyone. */
  readonly open: string;
  /** Wants user name and password (`htpasswd`). */
  readonly basic: string;
  /** Sends for a token to the token server, which is another host. */
  readonly bearer: string;
  readonly tokens: TokenServer;
}

/** An image of the open registry, by its reference in one of the others. */
export function referenceIn(registry: string, { reference }: Pick<SceneImage, "reference">): string {
  return reference.replace(/^[^/]+/, registry);
}

/** Starts them before the tests of a `describe` and ends them after these. */
export function usePrivateRegistries(): () => PrivateRegistries {
  let started: (PrivateRegistries & { close(): Promise<void> }) | undefined;
  before(async () => {
    started = await startPrivateRegistries();
  });
  after(() => started?.close());
  return () => {
    if (started === undefined) throw new Error("The private registries are there only while tests run.");
    return started;
  };
}

async function startPrivateRegistries(): Promise<PrivateRegistries & { close(): Promise<void> }> {
  const executable = await buildGo(distribution);
  const folder = await mkdtemp(join(tmpdir(), "private-registries-"));
  const storage = join(folder, "storage");
  const [htpasswd, jwks] = [join(folder, "htpasswd"), join(folder, "jwks.json")];
  const tokens = await startTokenServer({ ...LOGIN, identityToken: IDENTITY_TOKEN, hidden: new RegExp(`^${HIDDEN}`) });
  await Promise.all([writeFile(htpasswd, HTPASSWD), writeFile(jwks, tokens.jwks)]);
  const realm = `http://${tokens.address}/token`;
  const token = { realm, service: TOKEN_SERVICE, issuer: TOKEN_ISSUER, jwks, signingalgorithms: ["ES256"] };
  const running: RunningProgram[] = [];
  const start = async (auth?: Readonly<Record<string, object>>): Promise<string> => {
    const registry = await startDistribution(executable, auth === undefined ? { storage } : { storage, auth });
    running.push(registry);
    return registry.address;
  };
  return {
    open: await start(),
    basic: await start({ htpasswd: { realm: "registry", path: htpasswd } }),
    bearer: await start({ token }),
    tokens,
    async close() {
      await Promise.all([...running.map((registry) => registry.stop()), tokens.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
