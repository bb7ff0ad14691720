import type { Rule } from "./exchange";
import { answer } from "./faults";

/** Requires HTTP Basic credentials, like ECR (its user name is `AWS`). */
export function requireBasic(credentials: { readonly username: string; readonly password: string }): Rule {
  const expected = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
  return async (request, next) => {
    if (request.origin !== "registry" || request.authorization === expected) return next();
    const realm = `http://${request.addresses.registry}/`;
    return answer(401, { headers: { "www-authenticate": `Basic realm="${realm}",service="registry"` } })(request, next);
  };
}

/**
 * Refers every request without a bearer token to `realm` for one: a client that follows a realm on another origin
 * reveals its credentials.
 */
export function challengeBearer(challenge: {
  /** URL of the token server. */
  readonly realm: string;
  readonly service?: string;
  readonly scope?: string;
}): Rule {
  const { realm, service = "registry", scope } = challenge;
  const header = `Bearer realm="${realm}",service="${service}"${scope === undefined ? "" : `,scope="${scope}"`}`;
  return async (request, next) => {
    if (request.origin !== "registry" || request.authorization?.startsWith("Bearer ")) return next();
    return answer(401, { headers: { "www-authenticate": header } })(request, next);
  };
}

/**
 * Redirects GETs of blobs to the other origin, like ECR to S3. The other origin rejects requests with an Authorization
 * header, like S3 with signed URLs; `requests` of the proxy shows them.
 *
 * @param host - host name for the redirect instead of 127.0.0.1, for example `localhost`.
 */
export function redirectBlobs(host?: string): Rule {
  return async (request, next) => {
    if (request.origin === "blobs") {
      return request.authorization === undefined ? next() : answer(400)(request, next);
    }
    if (request.method !== "GET" || !/\/blobs\/sha256:/.test(request.path)) return next();
    const [ip, port] = request.addresses.blobs.split(":");
    const location = new URL(request.path, `http://${host ?? ip}:${port}`);
    location.searchParams.set("X-Amz-Signature", "stand-in");
    return answer(307, { headers: { location: location.href }, body: "" })(request, next);
  };
}
