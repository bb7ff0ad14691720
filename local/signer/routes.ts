import {
  getRevocationStatus,
  getSigningProfile,
  type Operation,
  putSigningProfile,
  revokeSignature,
  revokeSigningProfile,
  signPayload,
} from "./operations";

/** The AWS Signer operations that the stand-in supports. */
export type OperationName =
  | "SignPayload"
  | "GetRevocationStatus"
  | "RevokeSignature"
  | "RevokeSigningProfile"
  | "PutSigningProfile"
  | "GetSigningProfile";

export interface Route {
  readonly operation: OperationName;
  readonly method: string;
  /** The first group, if any, is the name of a profile or the id of a job. */
  readonly path: RegExp;
  readonly run: Operation;
}

/** Methods and paths from the service's model, as the AWS SDKs use them. */
const routes: readonly Route[] = [
  { operation: "SignPayload", method: "POST", path: /^\/signing-jobs\/with-payload$/, run: signPayload },
  { operation: "GetRevocationStatus", method: "GET", path: /^\/revocations$/, run: getRevocationStatus },
  { operation: "RevokeSignature", method: "PUT", path: /^\/signing-jobs\/([^/]+)\/revoke$/, run: revokeSignature },
  {
    operation: "RevokeSigningProfile",
    method: "PUT",
    path: /^\/signing-profiles\/([^/]+)\/revoke$/,
    run: revokeSigningProfile,
  },
  { operation: "PutSigningProfile", method: "PUT", path: /^\/signing-profiles\/([^/]+)$/, run: putSigningProfile },
  { operation: "GetSigningProfile", method: "GET", path: /^\/signing-profiles\/([^/]+)$/, run: getSigningProfile },
];

/** The operation of a request, and the name in its path. */
export function findRoute(method: string, path: string): { route: Route; name: string } | undefined {
  for (const route of routes) {
    const match = route.method === method ? route.path.exec(path) : null;
    if (match) return { route, name: decodeURIComponent(match[1] ?? "") };
  }
  return undefined;
}
