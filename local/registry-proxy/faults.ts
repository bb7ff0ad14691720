import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, Headers, Outcome, Rule } from "./exchange";

/** Answers without asking the registry, such as `answer(429, { headers: { "retry-after": "1" } })`. */
export function answer(status: number, options: { readonly headers?: Headers; readonly body?: string } = {}): Rule {
  const headers = closingWhereLengthIsGiven(options.headers ?? {});
  return async () => ({ status, headers, body: options.body ?? errorBody(status) });
}

/** Never answers. */
export const hang: Rule = async () => "hang";

/** Resets the connection. */
export const reset: Rule = async () => "reset";

/** Makes each request wait first. */
export function delay(milliseconds: number): Rule {
  return async (request, next) => {
    await sleep(milliseconds, undefined, { signal: request.signal });
    return next();
  };
}

/** Hands the body out one byte at a time. */
export function trickle(millisecondsPerByte: number): Rule {
  return changing(async (response, signal) => ({
    ...response,
    body: Readable.from(bytesOf(response, millisecondsPerByte, signal)),
  }));
}

/**
 * Lies about what the registry answers: other status, headers (`undefined` takes one away) or body. With another body,
 * `content-length` is that of the body unless it is given, and `docker-content-digest` stays the registry's.
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
 * Answers with so many bytes of blanks, streamed and without a length: valid JSON has not even begun when a reader's
 * limit is reached.
 */
export function hugeBody(bytes: number, headers: Headers = {}): Rule {
  return async () => ({ status: 200, headers, body: Readable.from(blanks(bytes)) });
}

/**
 * A client that was promised more bytes than come, or fewer, would mistake the next answer on a connection that stays.
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

/** In the form that the OCI distribution specification gives errors. */
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
