import { isIPv4, isIPv6 } from "node:net";

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Whether the first component of an image reference is a registry host. Docker's rule: it has a dot or a
 * colon, or is `localhost`; otherwise the reference is a name on Docker Hub.
 */
export function isHostLike(component: string): boolean {
  return component.includes(".") || component.includes(":") || component.toLowerCase() === "localhost";
}

function portProblem(port: string): string | undefined {
  const valid = /^[1-9][0-9]{0,4}$/.test(port) && Number(port) <= 65535;
  return valid ? undefined : "its port is not a number from 1 to 65535";
}

function ipv6Problem(host: string): string | undefined {
  const end = host.indexOf("]");
  if (end === -1) return 'its IPv6 address has no closing "]"';
  const address = host.slice(1, end);
  if (!/^[0-9a-f:]+$/.test(address) || !isIPv6(address)) return "it has no valid IPv6 address between [ and ]";
  const rest = host.slice(end + 1);
  if (rest === "") return undefined;
  return rest.startsWith(":") ? portProblem(rest.slice(1)) : "only a port may follow the IPv6 address";
}

function nameProblem(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (name.length > 253) return "it is longer than 253 characters";
  const labels = name.split(".");
  if (!labels.every((part) => label.test(part))) return "it is neither a DNS name nor an IP address";
  if (labels.every((part) => /^[0-9]+$/.test(part)) && !isIPv4(name)) return "it is not a valid IPv4 address";
  return undefined;
}

/**
 * What is wrong with a registry host (lower case, with its port if it has one), or undefined:
 * a DNS name, an IPv4 address or an IPv6 address in brackets.
 */
export function registryHostProblem(host: string): string | undefined {
  if (host.startsWith("[")) return ipv6Problem(host);
  const colon = host.indexOf(":");
  if (colon === -1) return nameProblem(host);
  return nameProblem(host.slice(0, colon)) ?? portProblem(host.slice(colon + 1));
}
