import { ecrHost } from "./partition";
import type { Finding } from "./problem";
import { quote } from "./quote";
import { ReferenceInvalidError, readReference, repositoryName } from "./reference";
import { self } from "./registry-entry";
import { isHostLike } from "./registry-host";

/** In a statement, as its only entry: every repository of the listed registries that no other statement names. */
export const everyRepository = "*";

const selfPrefix = `${self}/`;
// Replaces the host of `self`, so that a name under it is checked like any other.
const someEcrHost = ecrHost("111122223333", "us-east-1");

const exactNames =
  'an exact registry/repository, such as "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app", ' +
  'or "self/team/app" in this account\'s registry';
const allowedInStatement = `"*" alone for every repository, or ${exactNames}`;
const allowedInExemption = `${exactNames}, with @sha256:<digest> to exempt one image only`;

/** `self/<repository>` with `self` replaced by a registry host; other texts as they are. */
export function expandSelf(text: string, host: string): string {
  return text.startsWith(selfPrefix) ? `${host}/${text.slice(selfPrefix.length)}` : text;
}

/** The registry of a valid entry: the text before the first slash. */
export function toRegistry(text: string): string {
  return text.slice(0, text.indexOf("/"));
}

function withoutTag(name: string): string {
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  return colon === -1 ? name : name.slice(0, colon);
}

function namesRegistry(name: string): boolean {
  const slash = name.indexOf("/");
  return slash !== -1 && (name.startsWith(selfPrefix) || isHostLike(name.slice(0, slash)));
}

function referenceFinding(name: string, suffix: string): Finding | undefined {
  const host = name.startsWith(selfPrefix) ? someEcrHost : toRegistry(name);
  const expanded = expandSelf(name, host);
  const reference = readReference(expanded + suffix);
  if (reference instanceof ReferenceInvalidError) {
    return { message: `is not a registry/repository: ${reference.reason.replace(/\.$/, "")}` };
  }
  const canonical = repositoryName(reference);
  if (canonical === expanded) return undefined;
  return { message: "is not written in its canonical form", fix: `Write ${quote(canonical + suffix)}.` };
}

function registryFix(name: string, suffix: string): string {
  const path = withoutTag(name)
    .toLowerCase()
    .replace(/^(?:self)?\/+/, "");
  const suggested = `${selfPrefix}${path}`;
  if (path !== "" && !path.includes("/") && isHostLike(path)) {
    return `Name a repository in it: ${quote(`${path}/<repository>`)}.`;
  }
  if (path === self || referenceFinding(suggested, suffix) !== undefined) {
    return "Put the registry's host in front, or self for this account's ECR registry.";
  }
  return `Write ${quote(suggested + suffix)} for this account's ECR registry, or put the registry's host in front.`;
}

/** What is wrong with a name without tag and digest; `suffix` is the digest that followed it. */
function nameFinding(name: string, suffix: string, otherwise: string): Finding | undefined {
  if (name.includes("://")) {
    return { message: "has a scheme", fix: `Write ${quote(name.slice(name.indexOf("://") + 3) + suffix)}.` };
  }
  if (name.includes("*")) return { message: "has a wildcard; repositories must match exactly", fix: otherwise };
  if (!namesRegistry(name)) return { message: "names no registry", fix: registryFix(name, suffix) };
  return undefined;
}

function inStatement(text: string): Finding | undefined {
  const at = text.indexOf("@");
  const name = at === -1 ? text : text.slice(0, at);
  const finding = nameFinding(name, "", 'List each repository, or write "*" alone.');
  if (finding !== undefined) return finding;
  const bare = withoutTag(name);
  const fix = `Write ${quote(bare)}.`;
  if (at !== -1) return { message: "has a digest; a statement covers whole repositories", fix };
  if (bare !== name) return { message: "has a tag; a statement covers whole repositories", fix };
  return referenceFinding(name, "");
}

function inExemption(text: string): Finding | undefined {
  const at = text.indexOf("@");
  const name = at === -1 ? text : text.slice(0, at);
  const digest = at === -1 ? "" : text.slice(at);
  const finding = nameFinding(name, digest, "Exempt each repository, or better each image by its digest.");
  if (finding !== undefined) return finding;
  const bare = withoutTag(name);
  if (bare !== name) {
    const fix =
      digest === ""
        ? `Use the digest: ${quote(`${bare}@sha256:<digest>`)}, or exempt the whole repository: ${quote(bare)}.`
        : `Use the digest alone: ${quote(bare + digest)}.`;
    return { message: "has a tag, which its publisher can move to another image", fix };
  }
  return referenceFinding(name, digest);
}

/** What is wrong with an entry of a statement's `repositories`, or undefined. */
export function repositoryFinding(text: string): Finding | undefined {
  const finding = text === everyRepository ? undefined : inStatement(text);
  return finding && { allowed: allowedInStatement, ...finding };
}

/** What is wrong with the `image` of an exemption, or undefined. */
export function exemptionImageFinding(text: string): Finding | undefined {
  const finding = inExemption(text);
  return finding && { allowed: allowedInExemption, ...finding };
}
