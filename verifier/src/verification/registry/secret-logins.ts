import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { type RegistryLogin, secretLocation } from "../../../../trust/registry-login";
import { parseJson } from "../../../../trust/text/parse-json";
import { withoutUndefined } from "../../../../trust/text/without-undefined";
import { isAwsUnavailable } from "../../aws-error";
import type { RegistryCredentials } from "../../notation/protocol";
import { type CredentialsFor, isSameLogin, RegistryCredentialsError } from "./ecr-credentials";

/** How long a login is cached, in milliseconds. */
export const KEEP_LOGIN_MS = 5 * 60_000;
/** The minimum time between two reads of one secret because a registry refused its login, in milliseconds. */
export const READ_REFUSED_EVERY_MS = 60_000;

export interface SecretLoginOptions {
  /** The logins in the trust document. */
  readonly logins: readonly RegistryLogin[];
  /** Clients of a region. */
  readonly clientFor: (region: string) => SecretsManagerClient;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
}

type Login = Pick<RegistryCredentials, "username" | "password">;

interface SecretState {
  kept?: { readonly login: Login; readonly at: number };
  reading?: Promise<Login>;
  refusedAt?: number;
}

/** The form that ECS expects of a secret for `repositoryCredentials`. */
const loginSchema = z.object({ username: z.string().min(1), password: z.string().min(1) });

/**
 * Creates the source of the logins that are stored in secrets; undefined for a registry without one. A secret is cached
 * for five minutes, and callers that come while it is read share the read. A refused login is read once more, at most
 * once a minute, because it may have been rotated. A failure is not cached.
 *
 * An error must not contain anything from a secret. The SDK's or the parser's error may quote it, so it is not passed
 * on. The result rejects with {@link RegistryCredentialsError}. Needs `secretsmanager:GetSecretValue`.
 */
export function secretLogins({ logins, clientFor, now }: SecretLoginOptions): CredentialsFor {
  const loginByHost = new Map(logins.map((login) => [login.host, login]));
  const secrets = new Map<string, SecretState>();

  function findState(arn: string): SecretState {
    const state = secrets.get(arn) ?? {};
    secrets.set(arn, state);
    return state;
  }

  function read(state: SecretState, arn: string): Promise<Login> {
    state.reading ??= readSecret(() => clientFor(secretLocation(arn).region), arn)
      .then((login) => {
        state.kept = { login, at: now() };
        return login;
      })
      .finally(() => {
        delete state.reading;
      });
    return state.reading;
  }

  /** Whether to read a cached secret again: its login was refused, and it was not read for that reason lately. */
  function isDoubtful(state: SecretState, refused: Login | undefined): boolean {
    if (refused === undefined || state.kept === undefined || !isSameLogin(refused, state.kept.login)) return false;
    if (state.reading !== undefined) return true;
    if (state.refusedAt !== undefined && now() - state.refusedAt < READ_REFUSED_EVERY_MS) return false;
    state.refusedAt = now();
    return true;
  }

  return async (registryHost, refused) => {
    const login = loginByHost.get(registryHost);
    if (login === undefined) return undefined;
    const state = findState(login.credentials);
    const { kept } = state;
    const isFresh = kept !== undefined && now() - kept.at < KEEP_LOGIN_MS;
    const found = isFresh && !isDoubtful(state, refused) ? kept.login : await read(state, login.credentials);
    return { ...found, ...withoutUndefined({ tokenServer: login.tokenServer }) };
  };
}

async function readSecret(client: () => SecretsManagerClient, arn: string): Promise<Login> {
  const text = await readSecretText(client, arn);
  const parsed = loginSchema.safeParse(parseJson(text ?? ""));
  if (parsed.success) return parsed.data;
  throw new RegistryCredentialsError(
    aboutSecret(arn),
    "verifier-misconfigured",
    "the secret is not JSON with `username` and `password`, both non-empty strings. Store the login in the form that ECS uses for repositoryCredentials.",
  );
}

async function readSecretText(client: () => SecretsManagerClient, arn: string): Promise<string | undefined> {
  try {
    return (await client().send(new GetSecretValueCommand({ SecretId: arn }))).SecretString;
  } catch (error) {
    const [code, next] = isAwsUnavailable(error)
      ? (["registry-unavailable", "It will be retried with the next attempt."] as const)
      : ([
          "verifier-misconfigured",
          "AWS credentials are needed that allow secretsmanager:GetSecretValue on it, and kms:Decrypt on its key if it is a customer managed key.",
        ] as const);
    const name = error instanceof Error ? error.name : "unknown error";
    throw new RegistryCredentialsError(aboutSecret(arn), code, `GetSecretValue failed with ${name}. ${next}`);
  }
}

function aboutSecret(arn: string): string {
  return `registries with the login ${arn}`;
}
