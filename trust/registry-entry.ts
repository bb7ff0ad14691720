import { parseEcrHost } from "./partition";
import type { Finding } from "./problem";
import { quote } from "./quote";
import { isHostLike, registryHostProblem } from "./registry-host";

/** Stands for this account's ECR registry (in `registries`) or this stack's signing profile (in `identities`). */
export const self = "self";

const allowed =
  '"self" for this account\'s ECR registry, or a host in lower case, ' +
  'such as "111122223333.dkr.ecr.eu-west-1.amazonaws.com"';

function hostFinding(text: string): Finding | undefined {
  if (text.includes("://")) {
    const host = text.slice(text.indexOf("://") + 3).replace(/\/.*$/s, "");
    return { message: "has a scheme", allowed, fix: `Write ${quote(host)}.` };
  }
  if (text.includes("*")) return { message: "has a wildcard", allowed, fix: "List each registry." };
  if (text.includes("/")) {
    const host = text.slice(0, text.indexOf("/"));
    const fix = `Write ${quote(host)}; the statements say which repositories are trusted.`;
    return { message: "has a path", allowed, fix };
  }
  if (text !== text.toLowerCase()) {
    return { message: "has upper-case letters", allowed, fix: `Write ${quote(text.toLowerCase())}.` };
  }
  if (text === "index.docker.io") {
    return { message: "is another name of Docker Hub", allowed, fix: 'Write "docker.io".' };
  }
  return undefined;
}

/** What is wrong with an entry of `registries`, or undefined. */
export function registryFinding(text: string): Finding | undefined {
  if (text === self) return undefined;
  const finding = hostFinding(text);
  if (finding !== undefined) return finding;
  const problem = registryHostProblem(text);
  if (problem !== undefined) return { message: `is not a registry host: ${problem}`, allowed };
  if (!isHostLike(text)) {
    return {
      message: "is not a registry host: without a dot or a port, Docker takes it for a name on Docker Hub",
      allowed,
    };
  }
  if (/\.dkr[.-]ecr/.test(text) && parseEcrHost(text) === undefined) {
    return {
      message: "looks like an ECR registry but is not one",
      allowed:
        "<account, 12 digits>.dkr.ecr.<region>.amazonaws.com, or the dual-stack <account>.dkr-ecr.<region>.on.aws",
    };
  }
  return undefined;
}
