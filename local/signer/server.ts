import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { listenOnLoopback } from "../listen";
import { certificateHashes } from "./certificate-hashes";
import { type LeafOptions, makeAuthority, type SigningChain } from "./certificates";
import type { EnvelopeContent } from "./envelope";
import { SignerError, validationError } from "./errors";
import { makeFaults, type RevocationFault } from "./faults";
import type { SignerState } from "./operations";
import { type Location, makeProfiles, type SigningProfile, type ValidityPeriod } from "./profiles";
import { makeRevocations } from "./revocations";
import { findRoute, type OperationName } from "./routes";
import { makeSigning, type SignedPayload } from "./signing";

/** A request as it arrived; `operation` is missing when there is no such operation. */
export interface SignerRequest {
  readonly operation?: OperationName;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

export interface SignerOptions {
  /** Default: `us-east-1`. It decides the partition. */
  readonly region?: string;
  /** Default: `111122223333`. */
  readonly account?: string;
  readonly now?: () => Date;
}

/** A running stand-in for AWS Signer. */
export interface LocalSigner extends Location {
  /** `http://127.0.0.1:PORT`: an endpoint for an AWS SDK, or an HTTP proxy for made-up hosts. */
  readonly url: string;
  readonly rootPem: string;
  /** All requests so far. */
  readonly requests: readonly SignerRequest[];
  /** Creates a profile, or a new version of one. */
  putProfile(name: string, options?: { readonly validity?: ValidityPeriod; readonly account?: string }): SigningProfile;
  /** Signs like SignPayload; `overrides` creates signatures that AWS Signer would not. */
  signPayload(payload: unknown, profile: SigningProfile, overrides?: Partial<EnvelopeContent>): SignedPayload;
  /** Another leaf of the same authorities, for the overrides of `signPayload`. */
  issueLeaf(options?: LeafOptions): Promise<SigningChain>;
  revokeJob(jobArn: string): void;
  /** Signatures made after `effectiveTime` are no longer trusted. */
  revokeProfileVersion(profileVersionArn: string, effectiveTime: Date): void;
  /** Revokes the certificate at `index` of a chain (0 is the leaf) and returns its hash. */
  revokeCertificate(chain: readonly Buffer[], index?: number): string;
  /** Makes GetRevocationStatus fail; `undefined` ends it. */
  failWith(fault: RevocationFault | undefined): void;
  /** Delays each answer of GetRevocationStatus by this many milliseconds; 0 ends it. */
  slowDown(milliseconds: number): void;
  close(): Promise<void>;
}

/**
 * Starts a stand-in for AWS Signer that follows the REST contract of the service. It accepts any host name and requests
 * with an absolute URI, because the SDKs add a prefix to the endpoint's host for GetRevocationStatus: used as an HTTP
 * proxy, it can still be reached. It requires no credentials.
 */
export async function startSigner(options: SignerOptions = {}): Promise<LocalSigner> {
  const location = { region: options.region ?? "us-east-1", account: options.account ?? "111122223333" };
  const now = options.now ?? (() => new Date());
  const authority = await makeAuthority({ region: location.region });
  const signing = makeSigning(location, await authority.issueLeaf(), now);
  const state: SignerState = {
    location,
    now,
    signing,
    profiles: makeProfiles(location),
    revocations: makeRevocations(),
  };
  const faults = makeFaults();
  let slowness = 0;
  const requests: SignerRequest[] = [];

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => refuse(response, error));
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A proxy request has an absolute URI; the base is only for the others.
    const url = new URL(request.url ?? "/", "http://signer.invalid");
    const method = request.method ?? "GET";
    const found = findRoute(method, url.pathname);
    const operation = found ? { operation: found.route.operation } : {};
    requests.push({ ...operation, method, path: url.pathname, query: url.searchParams, headers: request.headers });
    const text = await readAll(request);
    if (!found)
      throw new SignerError(404, "UnknownOperationException", `There is no operation ${method} ${url.pathname}.`);

    if (found.route.operation === "GetRevocationStatus") {
      if (slowness > 0) await sleep(slowness);
      const fault = faults.next(url.searchParams.get("profileVersionArn"));
      if (fault) return misbehave(fault, response);
    }
    const answer = found.route.run(state, { name: found.name, query: url.searchParams, body: parseBody(text) });
    answerJson(response, 200, answer ?? {});
  }

  const { address, close } = await listenOnLoopback(server);
  return {
    ...location,
    url: `http://${address}`,
    rootPem: authority.rootPem,
    requests,
    putProfile: state.profiles.put,
    signPayload: signing.sign,
    issueLeaf: authority.issueLeaf,
    revokeJob: state.revocations.revokeJob,
    revokeProfileVersion: state.revocations.revokeProfileVersion,
    revokeCertificate: (chain, index = 0) => {
      const hash = certificateHashes(chain)[index];
      if (!hash) throw new RangeError(`The chain has no certificate ${index}; it has ${chain.length}.`);
      state.revocations.revokeCertificate(hash);
      return hash;
    },
    failWith: faults.set,
    slowDown: (milliseconds) => {
      slowness = milliseconds;
    },
    close,
  };
}

function misbehave(fault: RevocationFault, response: ServerResponse): void {
  if (typeof fault === "object" && "status" in fault) {
    answerJson(response, fault.status, { message: fault.message }, { "x-amzn-ErrorType": fault.type });
    return;
  }
  const connection = typeof fault === "string" ? fault : fault.connection;
  if (connection === "reset") response.socket?.resetAndDestroy();
  // "hang" leaves the request open until the client or close() ends it.
}

function refuse(response: ServerResponse, error: unknown): void {
  if (error instanceof SignerError) {
    answerJson(response, error.status, { message: error.message }, { "x-amzn-ErrorType": error.type });
  } else {
    const message = error instanceof Error ? error.message : String(error);
    answerJson(response, 500, { message }, { "x-amzn-ErrorType": "InternalServiceErrorException" });
  }
}

function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function parseBody(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw validationError("The request body is not JSON.");
  }
}
