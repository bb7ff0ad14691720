import type { Readable } from "node:stream";

/**
 * `registry` is what clients are told of; `blobs` is the other origin, to which a registry such as ECR redirects for
 * blobs.
 */
export type Origin = "registry" | "blobs";

/** A request to the proxy, as rules see it. */
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
  /** Aborted when the client has gone or the proxy closes. */
  readonly signal: AbortSignal;
}

/** Names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What the client gets. A `content-length` that is not the length of the body is sent as it is. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable | Buffer | string;
}

/** `hang` never answers, `reset` resets the connection. */
export type Outcome = Answer | "hang" | "reset";

/** One piece of behaviour: it answers by itself, or changes what the rules after it and finally the registry answer. */
export type Rule = (request: ProxyRequest, next: () => Promise<Outcome>) => Promise<Outcome>;

/** The first rule is the outermost. */
export function applyRules(
  rules: readonly Rule[],
  request: ProxyRequest,
  last: () => Promise<Outcome>,
): Promise<Outcome> {
  return rules.reduceRight<() => Promise<Outcome>>((next, rule) => () => rule(request, next), last)();
}
