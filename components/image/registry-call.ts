import { z } from "zod";

/** How a registry is reached. */
export interface RegistryAccess {
  /** `https://` and the registry's host. */
  readonly url: string;
  /** For Basic authentication. Without credentials, calls are anonymous. */
  readonly credentials?: { readonly username: string; readonly password: string } | undefined;
  /** Anonymous tokens, by registry URL, kept from call to call. */
  readonly tokens: Map<string, string>;
}

interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** The statuses that are not errors. Default: 2xx. */
  readonly accept?: readonly number[];
  /** The longest time for one call, in milliseconds. Default: five minutes, since a layer may be large. */
  readonly timeoutMs?: number;
}

const CALL_MS = 300_000;

/**
 * One call of the OCI distribution API. A Bearer challenge is answered with an anonymous token (distribution
 * specification, "token authentication"). Credentials are sent only to the registry itself.
 *
 * @throws Error that names the call and the registry's answer, or why there was none.
 */
export async function registryCall(
  access: RegistryAccess,
  method: string,
  url: URL,
  { headers = {}, body, accept, timeoutMs = CALL_MS }: CallOptions = {},
): Promise<Response> {
  const attempt = () =>
    fetch(url, {
      method,
      headers: { ...headers, ...authorization(access, url) },
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error: Error) => {
      throw new Error(`${method} ${url.origin}${url.pathname}: ${describeError(error)}`, { cause: error });
    });
  let response = await attempt();
  const challenge = response.headers.get("www-authenticate");
  if (response.status === 401 && access.credentials === undefined && challenge !== null) {
    await response.body?.cancel();
    access.tokens.set(access.url, await anonymousToken(challenge));
    response = await attempt();
  }
  if (accept === undefined ? response.ok : accept.includes(response.status)) return response;
  throw new Error(
    `${method} ${url.origin}${url.pathname}: ${response.status} ${(await response.text()).slice(0, 500)}`,
  );
}

/** The message of `fetch` is only "fetch failed"; the reason is in the error's cause. */
function describeError(error: Error): string {
  if (error.name === "TimeoutError") return "no answer came in time";
  const { cause } = error;
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : error.message;
}

function authorization({ url, credentials, tokens }: RegistryAccess, target: URL): Record<string, string> {
  // The registry chooses the location of an upload, which may be another host: that one must not get the credentials.
  if (target.origin !== new URL(url).origin) return {};
  if (credentials !== undefined) {
    const pair = Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64");
    return { authorization: `Basic ${pair}` };
  }
  const token = tokens.get(url);
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

const tokenAnswer = z.object({ token: z.string() });

async function anonymousToken(challenge: string): Promise<string> {
  const fields = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
  if (!/^Bearer /i.test(challenge) || fields.realm === undefined) {
    throw new Error(
      `The registry asks for credentials (${challenge.slice(0, 200)}); only public images can be copied.`,
    );
  }
  const realm = new URL(fields.realm);
  for (const key of ["service", "scope"]) if (fields[key] !== undefined) realm.searchParams.set(key, fields[key]);
  const answer = await fetch(realm, { signal: AbortSignal.timeout(CALL_MS) });
  if (!answer.ok) throw new Error(`${realm.origin} gave no token: ${answer.status}`);
  return tokenAnswer.parse(await answer.json()).token;
}
