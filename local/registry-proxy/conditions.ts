import type { Origin, ProxyRequest, Rule } from "./exchange";

/** The requests that a rule applies to; omitted fields match everything. */
export interface Condition {
  readonly origin?: Origin;
  readonly method?: string | RegExp;
  /** Matched against path and query. */
  readonly path?: RegExp;
}

/** Paths of the distribution API, for conditions. */
export const paths = {
  manifests: /\/manifests\//,
  blobs: /\/blobs\/sha256:/,
  referrers: /\/referrers\//,
} as const;

/** Applies the rule to matching requests; all others pass. */
export function only(condition: Condition, rule: Rule): Rule {
  return (request, next) => (matches(condition, request) ? rule(request, next) : next());
}

/** Applies the rule to its first `count` requests; later ones pass. Inside `only`, it counts matching requests. */
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
