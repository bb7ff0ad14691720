import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, Headers, Outcome, Rule } from "./exchange";

/** Answers without asking the registry, for example `answer(429, { headers: { "retry-after": "1" } })`. */
export function answer(status: number, options: { readonly headers?: Headers; readonly body?: string } = {}): Rule {
  const headers = closingWhereLengthIsGiven(options.headers ?? {});
  return async () => ({ status, headers, body: options.body ?? errorBody(status) });
}

/** Never answers. */
export const hang: Rule = async () => "hang";

/** Resets the connection. */
export const reset: Rule = async () => "reset";

/** Delays each request. */
export function delay(milliseconds: number): Rule {
  return async (request, next) => {
    await sleep(milliseconds, undefined, { signal: request.signal });
    return next();
  };
}

/** Sends the body one byte at a time. */
export function trickle(millisecondsPerByte: number): Rule {
  return changing(async (response, signal) => ({
    ...response,
    body: Readable.from(bytesOf(response, millisecondsPerByte, signal)),
  }));
}

/**
 * Changes the registry's response: status, headers (`undefined` removes one) or body. With another body,
 * `content-length` is the length of that body unless given, and `docker-content-digest` stays the registry's.
 */
export function rewrite(changes: {
  readonly status?: number;
  readonly headers?: Headers;
  readonly body?: string | Buffer;
}): Rule {
  const given = closingWhereLengthIsGiven(changes.headers ?? {});
  return changing(async (response) => {
    const status = changes.status ?? response.status;
    const { body } = changes;
    if (body === undefined) return { status, headers: { ...response.headers, ...given }, body: response.body };
    if (response.body instanceof Readable) response.body.resume();
    const length = String(Buffer.byteLength(body));
    return { status, headers: { ...response.headers, "content-length": length, ...given }, body };
  });
}

/**
 * Answers with this many bytes of spaces, streamed and without a length: a reader reaches its limit before any valid
 * JSON starts.
 */
export function hugeBody(bytes: number, headers: Headers = {}): Rule {
  return async () => ({ status: 200, headers, body: Readable.from(blanks(bytes)) });
}

/**
 * If a response has more or fewer bytes than promised, a client would misread the next response on the same connection.
 */
function closingWhereLengthIsGiven(headers: Headers): Headers {
  return headers["content-length"] === undefined ? headers : { ...headers, connection: "close" };
}

function changing(change: (response: Answer, signal: AbortSignal) => Promise<Outcome>): Rule {
  return async (request, next) => {
    const outcome = await next();
    return typeof outcome === "string" ? outcome : change(outcome, request.signal);
  };
}

async function* bytesOf(response: Answer, pause: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  const chunks = response.body instanceof Readable ? response.body : [Buffer.from(response.body)];
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk);
    for (let index = 0; index < bytes.length; index += 1) {
      yield bytes.subarray(index, index + 1);
      await sleep(pause, undefined, { signal });
    }
  }
}

function* blanks(bytes: number): Generator<Buffer> {
  const chunk = Buffer.alloc(64 * 1024, " ");
  for (let left = bytes; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length));
}

/** In the error format of the OCI distribution specification. */
function errorBody(status: number): string {
  const codes: Readonly<Record<number, string>> = {
    401: "UNAUTHORIZED",
    403: "DENIED",
    404: "NAME_UNKNOWN",
    429: "TOOMANYREQUESTS",
  };
  return JSON.stringify({
    errors: [{ code: codes[status] ?? "UNKNOWN", message: `answer ${status} of the stand-in` }],
  });
}
