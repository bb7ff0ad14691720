/** What to do where TLS meets a registry that answers with HTTP. */
export const PLAIN_HTTP_ADVICE = "Add --plain-http if that is intended.";

/** Whether a registry answered with HTTP where TLS was expected. */
export function isPlainHttpMissing({ detail }: { readonly detail: string }): boolean {
  // Go's own text (net/http).
  return detail.includes("server gave HTTP response to HTTPS client");
}
