import type { Origin, ProxyRequest, Rule } from "./exchange";

/** Which requests a rule is for; what is left out matches everything. */
export interface Condition {
  readonly origin?: Origin;
  readonly method?: string | RegExp;
  /** Tried on path and query. */
  readonly path?: RegExp;
}

/** Paths of the distribution API, for conditions. */
export const paths = {
  manifests: /\/manifests\//,
  blobs: /\/blobs\/sha256:/,
  referrers: /\/referrers\//,
} as const;

/** The rule for the requests that match; all others pass. */
export function only(condition: Condition, rule: Rule): Rule {
  return (request, next) => (matches(condition, request) ? rule(request, next) : next());
}

/** The rule for its first `count` requests; later ones pass. Inside `only`, it counts what matches. */
export function times(count: number, rule: Rule): Rule {
  let left = count;
  return (request, next) => {
    if (left <= 0) return next();
    left -= 1;
    return rule(request, next);
  };
}

function matches({ origin, method, path }: Condition, request: ProxyRequest): boolean {
  if (origin !== undefined && origin !== request.origin) return false;
  if (method instanceof RegExp ? !method.test(request.method) : method !== undefined && method !== request.method) {
    return false;
  }
  return path === undefined || path.test(request.path);
}
