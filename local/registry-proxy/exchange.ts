import type { Readable } from "node:stream";

/**
 * `registry` is the address that clients use; `blobs` is the other origin, to which a registry such as ECR redirects
 * blobs.
 */
export type Origin = "registry" | "blobs";

/** A request to the proxy, as the rules receive it. */
export interface ProxyRequest {
  readonly origin: Origin;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** The Host header. */
  readonly host: string;
  readonly authorization: string | undefined;
  /** Addresses of the proxy, for redirects and challenges. */
  readonly addresses: Readonly<Record<Origin, string>>;
  /** Aborted when the client disconnects or the proxy closes. */
  readonly signal: AbortSignal;
}

/** Names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The response to the client. A `content-length` that does not match the body is sent unchanged. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable | Buffer | string;
}

/** `hang` never answers, `reset` resets the connection. */
export type Outcome = Answer | "hang" | "reset";

/** One rule: it answers by itself, or changes the answer of the next rules and finally of the registry. */
export type Rule = (request: ProxyRequest, next: () => Promise<Outcome>) => Promise<Outcome>;

/** The first rule is the outermost. */
export function applyRules(
  rules: readonly Rule[],
  request: ProxyRequest,
  last: () => Promise<Outcome>,
): Promise<Outcome> {
  return rules.reduceRight<() => Promise<Outcome>>((next, rule) => () => rule(request, next), last)();
}
