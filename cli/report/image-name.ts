/**
 * The name of a repository or image without the host of the account's own registry, as `verdicts` shows it. Others chose
 * the rest.
 */
export function imageName(text: string, registry: string | null): string {
  return registry !== null && text.startsWith(`${registry}/`) ? text.slice(registry.length + 1) : text;
}

/** A reference where its digest stands in a column of its own. */
export function withoutDigest(reference: string): string {
  return reference.replace(/@sha256:[0-9a-f]{64}$/, "");
}
