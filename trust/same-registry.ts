import { parseEcrHost } from "./partition";
import { toRegistry } from "./repository-entry";

/**
 * A value that all names of one registry share: account and region for the hosts of a private ECR registry (classic,
 * dual-stack, FIPS), the host itself for any other.
 */
export function registryKey(host: string): string {
  const location = parseEcrHost(host);
  return location === undefined ? host : `ecr:${location.account}:${location.region}`;
}

/** The same for `registry/repository`. */
export function repositoryKey(name: string): string {
  const host = toRegistry(name);
  return `${registryKey(host)}${name.slice(host.length)}`;
}
