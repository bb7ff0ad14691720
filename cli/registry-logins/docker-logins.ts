import { parseEcrHost } from "../../trust/partition";
import { FixableError } from "../../trust/text/fixable-error";
import { withoutUndefined } from "../../trust/text/without-undefined";
import type { RegistryCredentials } from "../../verifier/src/notation/protocol";
import { RegistryCredentialsError } from "../../verifier/src/verification/registry/ecr-credentials";
import { askCredentialHelper, type HelperLogin } from "./credential-helper";
import {
  type DockerConfig,
  type DockerConfigEntry,
  findDockerConfig,
  readDockerConfig,
  unusable,
} from "./docker-config";

/** Docker Hub, as image references call it, and as Docker's logins do. */
const HUB = "docker.io";
const HUB_SERVER = "https://index.docker.io/v1/";
/** The user name for which the secret of a helper is an identity token (Docker CLI reference, "docker login"). */
const IDENTITY_TOKEN_USER = "<token>";

/** The logins of Docker's configuration: for a registry host, or undefined if it has none. */
export type DockerLogins = (registryHost: string) => Promise<RegistryCredentials | undefined>;

/**
 * Creates the source of the logins that `docker login` stored. As Docker does: the registry's helper of `credHelpers`,
 * else the store of `credsStore`, else `auths`. Each registry is looked for once, and the file is read when the first
 * one is. ECR has no logins here: it is read with the AWS credentials.
 *
 * The result rejects with {@link RegistryCredentialsError}, which names the file or the helper and has nothing of a login.
 */
export function dockerLogins(env: NodeJS.ProcessEnv = process.env): DockerLogins {
  const found = new Map<string, ReturnType<DockerLogins>>();
  let config: DockerConfig | undefined;
  let isRead = false;

  async function find(host: string): ReturnType<DockerLogins> {
    try {
      if (!isRead) config = readDockerConfig(findDockerConfig(env));
      isRead = true;
      return config === undefined ? undefined : await findLogin(config, host === HUB ? HUB_SERVER : host, env);
    } catch (error) {
      if (!(error instanceof FixableError)) throw error;
      throw new RegistryCredentialsError(`the registry ${host}`, "verifier-misconfigured", error.message);
    }
  }

  return (host) => {
    if (parseEcrHost(host) !== undefined) return Promise.resolve(undefined);
    const asked = found.get(host) ?? find(host);
    found.set(host, asked);
    return asked;
  };
}

async function findLogin(
  config: DockerConfig,
  server: string,
  env: NodeJS.ProcessEnv,
): Promise<RegistryCredentials | undefined> {
  const { credHelpers, credsStore, auths, file } = config;
  const name = Object.hasOwn(credHelpers, server) ? credHelpers[server] : credsStore || undefined;
  if (name !== undefined) {
    const login = await askCredentialHelper({ name, server, file, env });
    return login && fromHelper(login);
  }
  // Old entries are URLs; what is meant is their host.
  const key = Object.hasOwn(auths, server) ? server : Object.keys(auths).find((one) => toServerHost(one) === server);
  const entry = key === undefined ? undefined : auths[key];
  return key === undefined || entry === undefined ? undefined : fromEntry(file, key, entry);
}

function toServerHost(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/.*$/s, "");
}

function fromHelper({ Username, Secret }: HelperLogin): RegistryCredentials {
  return Username === IDENTITY_TOKEN_USER
    ? { username: "", password: "", identityToken: Secret }
    : { username: Username, password: Secret };
}

function fromEntry(file: string, key: string, entry: DockerConfigEntry): RegistryCredentials | undefined {
  const identityToken = entry.identitytoken || undefined;
  const { username = "", password = "" } = entry.auth ? decode(file, key, entry.auth) : entry;
  if (password === "" && identityToken === undefined) return undefined;
  return { username, password, ...withoutUndefined({ identityToken }) };
}

function decode(file: string, key: string, auth: string): Pick<RegistryCredentials, "username" | "password"> {
  const [, username, password] = /^([^:]+):(.*)$/s.exec(Buffer.from(auth, "base64").toString("utf8")) ?? [];
  if (username === undefined || password === undefined) {
    throw unusable(file, `\`auth\` of ${JSON.stringify(key)} is not base64 of a user name, a colon and a password.`);
  }
  // Docker once padded passwords with zeros.
  return { username, password: password.replace(/\0+$/, "") };
}
