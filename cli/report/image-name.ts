/**
 * The name of a repository or image without the host of the account's own registry, as `verdicts` shows it. Others chose
 * the rest.
 */
export function imageName(text: string, registry: string | null): string {
  return registry !== null && text.startsWith(`${registry}/`) ? text.slice(registry.length + 1) : text;
}
