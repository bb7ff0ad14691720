import { createSign, generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { listenOnLoopback } from "../../../local/listen";

export const TOKEN_ISSUER = "token server of the tests";
export const TOKEN_SERVICE = "registry of the tests";
const KEY_ID = "tests";

/** Whom the token server knows. */
export interface TokenServerAccounts {
  readonly username: string;
  readonly password: string;
  /** Stands for the same account (OAuth 2 refresh token). */
  readonly identityToken: string;
  /** Repositories of which the account gets nothing. */
  readonly hidden?: RegExp;
}

/** A token server as registries of CNCF Distribution send for (Distribution, "Token Authentication Specification"). */
export interface TokenServer {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /** The public key, as a registry reads it: a JSON Web Key Set. */
  readonly jwks: string;
  /** What it was asked: method, Authorization header and body. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

interface Access {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** Starts a token server on a free port of the loopback interface. */
export async function startTokenServer(accounts: TokenServerAccounts): Promise<TokenServer> {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = { ...publicKey.export({ format: "jwk" }), kid: KEY_ID, alg: "ES256", use: "sig" };
  const requests: string[] = [];

  const signToken = (access: readonly Access[]): string => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: TOKEN_ISSUER, aud: TOKEN_SERVICE, sub: accounts.username, nbf: now, iat: now, access };
    const parts = [
      { typ: "JWT", alg: "ES256", kid: KEY_ID },
      { ...claims, exp: now + 300, jti: `${Math.random()}` },
    ];
    const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    const key = { key: privateKey, dsaEncoding: "ieee-p1363" } as const;
    return `${signed}.${createSign("sha256").update(signed).sign(key).toString("base64url")}`;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = "/", headers } = request;
    const body = await text(request);
    requests.push([method, headers.authorization, body].join(" "));
    const asked = method === "POST" ? new URLSearchParams(body) : new URL(url, "http://tokens.test").searchParams;
    if (!isKnown(accounts, method, headers.authorization, asked)) return void response.writeHead(401).end();
    const scopes = asked.getAll("scope").flatMap((scope) => scope.split(" "));
    const token = signToken(scopes.flatMap(toAccess).filter(({ name }) => !accounts.hidden?.test(name)));
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ token, access_token: token }));
  }

  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  const { address, close } = await listenOnLoopback(server);
  return { address, jwks: JSON.stringify({ keys: [jwk] }), requests, close };
}

/** With GET a login is in the header, with POST in the form. */
function isKnown(
  { username, password, identityToken }: TokenServerAccounts,
  method: string | undefined,
  authorization: string | undefined,
  form: URLSearchParams,
): boolean {
  if (method === "POST") {
    return form.get("grant_type") === "refresh_token" && form.get("refresh_token") === identityToken;
  }
  return authorization === `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** Such as `repository:team/app:pull,push`. */
function toAccess(scope: string): readonly Access[] {
  const [type, name, actions] = scope.split(":");
  if (type === undefined || name === undefined || actions === undefined) return [];
  return [{ type, name, actions: actions.split(",") }];
}
