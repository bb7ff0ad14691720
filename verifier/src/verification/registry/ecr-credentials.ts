import { type ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { parseEcrHost } from "../../../../trust/partition";
import { type Fault, FixableError } from "../../../../trust/text/fixable-error";
import { describeAwsError, isAwsUnavailable } from "../../aws-error";
import type { RegistryCredentials } from "../../notation/protocol";
import type { ReasonCode } from "../verdict";

/**
 * How long before its expiry a token is replaced, in milliseconds. Equal to the maximum duration of a Lambda function,
 * so that no verification outlives its token. Tokens are valid for twelve hours.
 */
export const RENEW_BEFORE_END_MS = 15 * 60_000;

/** Whether two credentials are the same login. */
export function isSameLogin(
  one: Pick<RegistryCredentials, "username" | "password" | "identityToken">,
  other: Pick<RegistryCredentials, "username" | "password" | "identityToken">,
): boolean {
  return (
    one.username === other.username && one.password === other.password && one.identityToken === other.identityToken
  );
}

/** No credentials for a registry. `code` is the reason code that a verdict takes from this. The text has no secrets. */
export class RegistryCredentialsError extends FixableError {
  override readonly name = "RegistryCredentialsError";

  constructor(
    /** For people: the registry, or all registries of a region, which share a token. */
    readonly registry: string,
    readonly code: Extract<
      ReasonCode,
      "registry-not-allowed" | "registry-access-denied" | "registry-unavailable" | "verifier-misconfigured"
    >,
    what: string,
    options?: ErrorOptions,
  ) {
    super(`No credentials for ${registry}: ${what}`, options);
  }

  get fault(): Fault {
    return "failure";
  }
}

export interface EcrCredentialsOptions {
  /** The ECR hosts that the trust document lists. Other ECR hosts get no token. */
  readonly registries: Iterable<string>;
  readonly clientFor: (region: string) => ECRClient;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Credentials for a registry host; undefined for one that needs no login. `refused` are those that the registry has
 * just refused: if newer ones may exist, they are read; otherwise the result is the same.
 */
export type CredentialsFor = (
  registryHost: string,
  refused?: RegistryCredentials,
) => Promise<RegistryCredentials | undefined>;

interface Token {
  readonly credentials: RegistryCredentials;
  readonly expiresAt: number;
}

interface RegionState {
  token?: Token;
  asking?: Promise<Token>;
}

/**
 * Creates the source of ECR credentials: one token per region, that of the host's name, whatever the account (a token
 * is valid for every registry that our role may read). Callers that come while a token is requested share the request.
 * A failure is not cached; while it lasts, a token that has not expired is still used. The result rejects with {@link
 * RegistryCredentialsError}. Needs `ecr:GetAuthorizationToken`, which IAM grants on `*` only.
 */
export function ecrCredentials({ registries, clientFor, now }: EcrCredentialsOptions): CredentialsFor {
  const allowed = new Set(registries);
  const regions = new Map<string, RegionState>();

  function findState(region: string): RegionState {
    const state = regions.get(region) ?? {};
    regions.set(region, state);
    return state;
  }

  function renew(state: RegionState, region: string): Promise<Token> {
    state.asking ??= askToken(() => clientFor(region), `the ECR registries of ${region}`)
      .then((token) => {
        state.token = token;
        return token;
      })
      .finally(() => {
        delete state.asking;
      });
    return state.asking;
  }

  return async (registryHost) => {
    const registry = parseEcrHost(registryHost);
    if (registry === undefined) return undefined;
    if (!allowed.has(registryHost)) {
      const list = [...allowed].join(", ") || "none";
      throw new RegistryCredentialsError(
        `the registry ${registryHost}`,
        "registry-not-allowed",
        `it is not among the ECR registries of the trust document (${list}). Add it there if its images are to be trusted.`,
      );
    }
    const state = findState(registry.region);
    if (state.token !== undefined && now() < state.token.expiresAt - RENEW_BEFORE_END_MS)
      return state.token.credentials;
    try {
      return (await renew(state, registry.region)).credentials;
    } catch (error) {
      if (state.token !== undefined && now() < state.token.expiresAt) return state.token.credentials;
      throw error;
    }
  };
}

async function askToken(client: () => ECRClient, registries: string): Promise<Token> {
  const answer = await send(client, registries);
  const { authorizationToken, expiresAt } = answer.authorizationData?.[0] ?? {};
  const credentials = decode(authorizationToken ?? "");
  if (credentials === undefined || expiresAt === undefined) {
    throw new RegistryCredentialsError(
      registries,
      "registry-unavailable",
      "ECR returned no usable token (base64 of AWS:<password>), or no expiry time for it. It will be retried with the next attempt.",
    );
  }
  return { credentials, expiresAt: expiresAt.getTime() };
}

async function send(client: () => ECRClient, registries: string) {
  try {
    return await client().send(new GetAuthorizationTokenCommand({}));
  } catch (error) {
    const [code, next] = isAwsUnavailable(error)
      ? (["registry-unavailable", "It will be retried with the next attempt."] as const)
      : ([
          "registry-access-denied",
          "AWS credentials are needed whose role allows ecr:GetAuthorizationToken.",
        ] as const);
    const what = `GetAuthorizationToken failed with ${describeAwsError(error)}. ${next}`;
    throw new RegistryCredentialsError(registries, code, what, { cause: error });
  }
}

/** The token is base64 of `AWS:<password>` (ECR API reference). */
function decode(token: string): RegistryCredentials | undefined {
  const [, username, password] = /^(AWS):([^\r\n]+)$/.exec(Buffer.from(token, "base64").toString("utf8")) ?? [];
  return username === undefined || password === undefined ? undefined : { username, password };
}
