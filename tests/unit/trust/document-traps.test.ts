import assert from "node:assert/strict";
import { parseTrustDocument } from "../../../trust";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import { refusedByDocumentSchema } from "./document-schema";
import { digest, document, exemption, now, problemsOf, statement } from "./documents";

const onlyInStackFile =
  "Write the ARN of that stack's signing profile, its output signingProfileArn. " +
  'Only the trust document in a stack\'s file may say "stack:signing".';
const identities =
  '"arn:aws:signer:<region>:<account>:/signing-profiles/<name>" for every version of a profile, ' +
  '"...:/signing-profiles/<name>/<version>" for one version';
const names =
  'an exact registry/repository, such as "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app", ' +
  'or "self/team/app" in this account\'s registry';
const repositories = `"*" alone for every repository, or ${names}`;
const images = `${names}, with @sha256:<digest> to exempt one image only`;
const registries =
  '"self" for this account\'s ECR registry, or a host in lower case, such as "111122223333.dkr.ecr.eu-west-1.amazonaws.com"';
const strict = (key: string) => `is under "${key}", but the verification level cannot be chosen: it is always strict`;
const unsigned =
  "Remove it. Notation's other levels accept images that are unsigned, revoked or signed by someone else; " +
  "to let one image run without a signature, add an exemption.";
const nearOwnRegistry = (name: string) =>
  `Write "self/${name}" for this account's ECR registry, or put the registry's host in front.`;
const inFront = "Put the registry's host in front, or self for this account's ECR registry.";
const grammar =
  "is not a registry/repository: its repository may only have lower-case letters and digits, separated by one of . _ __ - and by /";

interface Trap {
  readonly fields: Record<string, unknown>;
  readonly path: string;
  readonly value: unknown;
  readonly message: string;
  readonly allowed?: string;
  readonly fix?: string;
}

function inRegistries(value: unknown, message: string, fix?: string, allowed: string = registries): Trap {
  const fields = { registries: ["self", value] };
  return { fields, path: "registries[1]", value, message, allowed, ...withoutUndefined({ fix }) };
}

function inRepositories(value: unknown, message: string, fix?: string): Trap {
  const fields = { statements: [statement({ repositories: [value] })] };
  const path = "statements[0].repositories[0]";
  return { fields, path, value, message, allowed: repositories, ...withoutUndefined({ fix }) };
}

function inIdentities(value: unknown, message: string, fix?: string): Trap {
  const fields = { statements: [statement({ identities: ["self", value] })] };
  const path = "statements[0].identities[1]";
  return { fields, path, value, message, allowed: identities, ...withoutUndefined({ fix }) };
}

function inStatement(key: string, value: unknown, rest: Pick<Trap, "message" | "allowed" | "fix">): Trap {
  return { fields: { statements: [statement({ [key]: value })] }, path: `statements[0].${key}`, value, ...rest };
}

function inExemption(key: string, value: unknown, rest: Pick<Trap, "message" | "allowed" | "fix">): Trap {
  return { fields: { exemptions: [exemption({ [key]: value })] }, path: `exemptions[0].${key}`, value, ...rest };
}

function inDocument(key: string, value: unknown, rest: Pick<Trap, "message" | "allowed" | "fix">): Trap {
  return { fields: { [key]: value }, path: key, value, ...rest };
}

const required = { message: "is required" };
const whiteSpace = {
  message: "has white space at the start or end",
  fix: "Remove it (in YAML, start a block of text with >- instead of > or |).",
};
const blank = { message: "is blank", fix: "Fill it in: reviewers of the exemption need it." };

const traps: readonly Trap[] = [
  inRegistries("https://ghcr.io/team", "has a scheme", 'Write "ghcr.io".'),
  inRegistries("ghcr.io/team", "has a path", 'Write "ghcr.io"; the statements say which repositories are trusted.'),
  inRegistries("GHCR.io", "has upper-case letters", 'Write "ghcr.io".'),
  inRegistries("Self", "has upper-case letters", 'Write "self".'),
  inRegistries("*.example.com", "has a wildcard", "List each registry."),
  inRegistries("index.docker.io", "is another name of Docker Hub", 'Write "docker.io".'),
  inRegistries("registry", "is not a registry host: without a dot or a port, Docker takes it for a name on Docker Hub"),
  inRegistries("", "is not a registry host: it is empty"),
  inRegistries(" ghcr.io", "is not a registry host: it is neither a DNS name nor an IP address"),
  inRegistries("ghcr.io:99999", "is not a registry host: its port is not a number from 1 to 65535"),
  inRegistries(
    "1111222233.dkr.ecr.eu-west-1.amazonaws.com",
    "looks like an ECR registry but is not one",
    undefined,
    "<account, 12 digits>.dkr.ecr.<region>.amazonaws.com, or the dual-stack <account>.dkr-ecr.<region>.on.aws",
  ),

  inRepositories(
    "self/team/*",
    "has a wildcard; repositories must match exactly",
    'List each repository, or write "*" alone.',
  ),
  inRepositories(
    "self/*",
    "has a wildcard; repositories must match exactly",
    'List each repository, or write "*" alone.',
  ),
  inRepositories("self/app:1", "has a tag; a statement covers whole repositories", 'Write "self/app".'),
  inRepositories(`self/app@${digest}`, "has a digest; a statement covers whole repositories", 'Write "self/app".'),
  inRepositories(`self/app:1@${digest}`, "has a digest; a statement covers whole repositories", 'Write "self/app".'),
  inRepositories("https://registry.example.com/app", "has a scheme", 'Write "registry.example.com/app".'),
  inRepositories("team/app", "names no registry", nearOwnRegistry("team/app")),
  inRepositories("app", "names no registry", nearOwnRegistry("app")),
  inRepositories("/app", "names no registry", nearOwnRegistry("app")),
  inRepositories("Self/App", "names no registry", nearOwnRegistry("app")),
  inRepositories("self", "names no registry", inFront),
  inRepositories("", "names no registry", inFront),
  inRepositories(
    "registry.example.com",
    "names no registry",
    'Name a repository in it: "registry.example.com/<repository>".',
  ),
  inRepositories("docker.io/nginx", "is not written in its canonical form", 'Write "docker.io/library/nginx".'),
  inRepositories(
    "Registry.example.com/app",
    "is not written in its canonical form",
    'Write "registry.example.com/app".',
  ),
  inRepositories("registry.example.com/", grammar),
  inRepositories(
    "self/App",
    "is not a registry/repository: its repository has upper-case letters; only lower case is allowed",
  ),
  inRepositories(
    "self/app ",
    "is not a registry/repository: it has white space, a control character or a character outside ASCII",
  ),

  inIdentities(
    "*",
    "would trust every AWS customer, because all of them sign under the same root certificate, and the Signer plugin rejects it",
    "List the signing profiles that you trust.",
  ),
  inIdentities(
    "arn:aws:signer:eu-west-1:444455556666:/signing-profile/release",
    'has the resource "/signing-profile/release", which never matches a signature',
    'Write "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release".',
  ),
  inIdentities("arn:aws:kms:eu-west-1:444455556666:key/1", 'is an ARN of the service "kms", not of AWS Signer'),
  inIdentities("release", "is not an ARN"),
  inIdentities("Stack:signing", "is not an ARN", onlyInStackFile),
  inIdentities("stack:signing", "is not an ARN", onlyInStackFile),
  inIdentities("Self", "is not an ARN", 'For the signing profile of this stack, write "self" in a trust document.'),

  inStatement("level", "skip", { message: strict("level"), fix: unsigned }),
  inStatement("level", "audit", { message: strict("level"), fix: unsigned }),
  inStatement("level", "permissive", { message: strict("level"), fix: unsigned }),
  inStatement("level", "strict", { message: strict("level"), fix: unsigned }),
  inStatement("signatureVerification", { level: "skip" }, { message: strict("signatureVerification"), fix: unsigned }),
  inStatement("override", { revocation: "skip" }, { message: strict("override"), fix: unsigned }),
  inStatement("trustStores", ["ca:own"], {
    message: "does not belong here; the region determines the trust store",
    fix: "Remove it.",
  }),
  inStatement("trustedIdentities", [], {
    message: 'is under the unknown key "trustedIdentities"',
    allowed: "name, repositories, identities, require, signaturesFrom, signedAfter, maxAgeDays",
    fix: 'Write identities instead of "trustedIdentities".',
  }),
  inStatement("identity", [], {
    message: 'is under the unknown key "identity"',
    allowed: "name, repositories, identities, require, signaturesFrom, signedAfter, maxAgeDays",
    fix: 'Write identities instead of "identity".',
  }),
  inStatement("repositories", [], { message: "must have at least one entry" }),
  inStatement("repositories", "*", { message: "must be a list" }),
  inStatement("repositories", undefined, required),
  inStatement("identities", [], { message: "must have at least one entry" }),
  inStatement("identities", undefined, required),
  inStatement("name", undefined, required),
  inStatement("name", 7, { message: "must be text" }),

  inExemption("image", "public.ecr.aws/vendor/agent:1", {
    message: "has a tag, which its publisher can move to another image",
    allowed: images,
    fix: 'Use the digest: "public.ecr.aws/vendor/agent@sha256:<digest>", or exempt the whole repository: "public.ecr.aws/vendor/agent".',
  }),
  inExemption("image", `ghcr.io/agent:1@${digest}`, {
    message: "has a tag, which its publisher can move to another image",
    allowed: images,
    fix: `Use the digest alone: "ghcr.io/agent@${digest}".`,
  }),
  inExemption("image", "public.ecr.aws/*", {
    message: "has a wildcard; repositories must match exactly",
    allowed: images,
    fix: "Exempt each repository, or better each image by its digest.",
  }),
  inExemption("image", "*", {
    message: "has a wildcard; repositories must match exactly",
    allowed: images,
    fix: "Exempt each repository, or better each image by its digest.",
  }),
  inExemption("image", "nginx", { message: "names no registry", allowed: images, fix: nearOwnRegistry("nginx") }),
  inExemption("image", "ghcr.io/agent@sha256:12", {
    message:
      "is not a registry/repository: the digest must have 64 hexadecimal characters (0-9 and a-f) after sha256:, but has 2",
    allowed: images,
  }),
  inExemption("image", undefined, required),
  inExemption("owner", undefined, required),
  inExemption("owner", "", blank),
  inExemption("owner", 7, { message: "must be text" }),
  inExemption("reason", undefined, required),
  inExemption("reason", " \n", blank),
  inExemption("reason", "vendor image\n", whiteSpace),
  inExemption("reason", "x".repeat(501), { message: "is longer than 500 characters" }),
  inExemption("expires", undefined, {
    message: "is required",
    allowed: 'YYYY-MM-DD, such as "2027-03-31"; the exemption is valid until the end of that day, in UTC',
  }),
  inExemption("until", "2027-03-31", {
    message: 'is under the unknown key "until"',
    allowed: "image, owner, reason, expires",
    fix: 'Write expires instead of "until".',
  }),

  inDocument("registries", undefined, required),
  inDocument("registries", [], { message: "must have at least one entry" }),
  inDocument("registries", "self", { message: "must be a list" }),
  inDocument("statements", undefined, required),
  inDocument("statements", [], { message: "must have at least one entry" }),
  inDocument("exemptions", null, {
    message: "must be a list",
    fix: "Give it a value, or remove the key if it may be left out.",
  }),
  inDocument("registry", ["self"], {
    message: 'is under the unknown key "registry"',
    allowed: "registries, statements, exemptions",
    fix: 'Write registries instead of "registry".',
  }),
  inDocument("Exemptions", [], {
    message: 'is under the unknown key "Exemptions"',
    allowed: "registries, statements, exemptions",
    fix: 'Write exemptions instead of "Exemptions".',
  }),
  inDocument("trustPolicies", [], {
    message: 'is under the unknown key "trustPolicies"',
    allowed: "registries, statements, exemptions",
    fix: 'Write statements instead of "trustPolicies".',
  }),
  inDocument("notes", "x", {
    message: 'is under the unknown key "notes"',
    allowed: "registries, statements, exemptions",
    fix: "Remove it.",
  }),
  inDocument(
    "trust",
    {},
    {
      message: "is the trust document itself, not a part of it",
      fix: "Use only the content of the key trust, without the key itself.",
    },
  ),
];

describe("parseTrustDocument, at the known traps", () => {
  for (const { fields, ...problem } of traps) {
    it(`refuses ${problem.path} = ${JSON.stringify(problem.value)?.slice(0, 60)}`, () => {
      assert.deepEqual(
        problemsOf(() => parseTrustDocument(document(fields), { now })),
        [problem],
      );
    });
  }
});

/** What a JSON Schema cannot say, or only in a pattern that nobody could read. */
const BEYOND_SCHEMA: readonly unknown[] = ["ghcr.io:99999"];

describe("the JSON Schema of a trust document, at the known traps", () => {
  for (const { fields, path, value } of traps) {
    const isBeyond = BEYOND_SCHEMA.includes(value);
    it(`${isBeyond ? "cannot refuse" : "refuses"} ${path} = ${JSON.stringify(value)?.slice(0, 60)}`, () => {
      assert.equal(refusedByDocumentSchema(document(fields)).length === 0, isBeyond);
    });
  }
});
