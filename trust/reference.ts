import { quote } from "./quote";
import { isHostLike, registryHostProblem } from "./registry-host";
import { type Fault, FixableError } from "./text/fixable-error";
import { withoutUndefined } from "./text/without-undefined";

/** An image reference in canonical form: what Docker and ECS would pull. */
export interface ImageReference {
  /** Host in lower case, with its port if it has one; Docker Hub is `docker.io`. */
  readonly registry: string;
  /** Path inside the registry, such as `team/app` or `library/nginx`. */
  readonly repository: string;
  /** `latest` if the text had neither tag nor digest. */
  readonly tag?: string;
  /** `sha256:` or `sha512:` and lower-case hexadecimal. If present, it decides what is pulled, not the tag. */
  readonly digest?: string;
}

/** The text is not an image reference. */
export class ReferenceInvalidError extends FixableError {
  override readonly name = "ReferenceInvalidError";

  constructor(
    /** The text as given. Untrusted: quote it before showing it. */
    readonly reference: string,
    /** What is wrong and what is allowed, without the text itself. */
    readonly reason: string,
  ) {
    super(`${quote(reference)} is not an image reference: ${reason}`);
  }

  get fault(): Fault {
    return "input";
  }
}

const dockerHub = "docker.io";
// registry/repository (255), tag (128) and digest (135) with their separators, and room for index.docker.io.
const longestReference = 600;
const longestName = 255;

// Grammar of the OCI distribution specification. Separators and letters never overlap, so there is no backtracking.
const pathComponent = /^[a-z0-9]+(?:(?:\.|__|_|-+)[a-z0-9]+)*$/;
const tagGrammar = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
/** A digest with an algorithm that is registered in the OCI image specification. */
export const digestGrammar = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

function textProblem(text: string): string | undefined {
  if (text === "") return "it is empty.";
  if (text.length > longestReference) return `it is longer than ${longestReference} characters.`;
  if (/[^\x21-\x7e]/.test(text)) return "it has white space, a control character or a character outside ASCII.";
  if (text.includes("://")) return "it has a scheme; write registry/repository without it.";
  // Docker treats 64 hexadecimal digits as the ID of a local image.
  if (/^[0-9a-f]{64}$/.test(text)) return "64 hexadecimal digits are an image ID; write repository@sha256:<digest>.";
  return undefined;
}

function splitDigest(text: string): { rest: string; digest?: string } {
  const at = text.indexOf("@");
  return at === -1 ? { rest: text } : { rest: text.slice(0, at), digest: text.slice(at + 1) };
}

function splitTag(text: string): { rest: string; tag?: string } {
  const colon = text.indexOf(":", text.lastIndexOf("/") + 1);
  return colon === -1 ? { rest: text } : { rest: text.slice(0, colon), tag: text.slice(colon + 1) };
}

function splitRegistry(name: string): { registry: string; repository: string } {
  const slash = name.indexOf("/");
  const first = slash === -1 ? "" : name.slice(0, slash);
  if (slash === -1 || !isHostLike(first)) return onDockerHub(name);
  const host = first.toLowerCase();
  const path = name.slice(slash + 1);
  if (host === dockerHub || host === "index.docker.io") return onDockerHub(path);
  return { registry: host, repository: path };
}

function onDockerHub(path: string): { registry: string; repository: string } {
  return { registry: dockerHub, repository: path.includes("/") ? path : `library/${path}` };
}

function repositoryProblem(repository: string): string | undefined {
  if (repository.split("/").every((component) => pathComponent.test(component))) return undefined;
  if (/[A-Z]/.test(repository)) return "its repository has upper-case letters; only lower case is allowed.";
  return "its repository may only have lower-case letters and digits, separated by one of . _ __ - and by /.";
}

/** In most cases, an example with `sha256:...` or `sha256:<digest>` was pasted. */
function digestProblem(digest: string): string {
  const [, algorithm, rest = ""] = /^(sha256|sha512):(.*)$/s.exec(digest) ?? [];
  if (algorithm === undefined) {
    return "its digest must be sha256: with 64 or sha512: with 128 hexadecimal characters (0-9 and a-f).";
  }
  const length = algorithm === "sha256" ? 64 : 128;
  const found = rest.length === length ? "others" : rest.length;
  return `the digest must have ${length} hexadecimal characters (0-9 and a-f) after ${algorithm}:, but has ${found}.`;
}

function partsProblem(parts: ImageReference): string | undefined {
  const host = registryHostProblem(parts.registry);
  if (host !== undefined) return `its registry ${quote(parts.registry)} is not a host: ${host}.`;
  const repository = repositoryProblem(parts.repository);
  if (repository !== undefined) return repository;
  if (repositoryName(parts).length > longestName)
    return `registry/repository is longer than ${longestName} characters.`;
  if (parts.tag !== undefined && !tagGrammar.test(parts.tag)) {
    return "its tag must be 1 to 128 letters, digits, . _ or -, and must not start with . or -.";
  }
  if (parts.digest !== undefined && !digestGrammar.test(parts.digest)) {
    return digestProblem(parts.digest);
  }
  return undefined;
}

/**
 * Reads an image reference by Docker's rules: `nginx` is `docker.io/library/nginx:latest`. The first component is a
 * host only if it has a dot or a colon or is `localhost`, so `localhost:5000` alone is the tag `5000` of
 * `docker.io/library/localhost`. Takes linear time for any text.
 *
 * @returns What is wrong, for a text that is none.
 */
export function readReference(text: string): ImageReference | ReferenceInvalidError {
  const unreadable = textProblem(text);
  if (unreadable !== undefined) return new ReferenceInvalidError(text, unreadable);
  const { rest, digest } = splitDigest(text);
  const { rest: name, tag } = splitTag(rest);
  const parts: ImageReference = {
    ...splitRegistry(name),
    ...(tag === undefined && digest === undefined ? { tag: "latest" } : {}),
    ...withoutUndefined({ tag, digest }),
  };
  const problem = partsProblem(parts);
  return problem === undefined ? parts : new ReferenceInvalidError(text, problem);
}

/**
 * Reads an image reference as {@link readReference} does.
 *
 * @throws {@link ReferenceInvalidError} and nothing else.
 */
export function parseReference(text: string): ImageReference {
  const reference = readReference(text);
  if (reference instanceof ReferenceInvalidError) throw reference;
  return reference;
}

/** `registry/repository`: the form that statements, exemptions and Notation's registry scopes use. */
export function repositoryName(reference: Pick<ImageReference, "registry" | "repository">): string {
  return `${reference.registry}/${reference.repository}`;
}

/** The repository of the reference in a text, as `registry/repository`; undefined if it is none. */
export function repositoryOf(text: string): string | undefined {
  const reference = readReference(text);
  return reference instanceof ReferenceInvalidError ? undefined : repositoryName(reference);
}

/** The canonical text; {@link parseReference} turns it back into the same reference. */
export function formatReference(reference: ImageReference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return `${repositoryName(reference)}${tag}${digest}`;
}
