/**
 * The form of a value, for JSON Schema: what an editor can say while somebody writes. A pattern is never narrower than
 * what the reader of the value accepts; it is wider where a regular expression cannot say the rule.
 */
export interface ValueForm {
  readonly type?: "string" | "integer";
  readonly description: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly default?: unknown;
  readonly examples?: unknown[];
}

const PORT = ":[1-9][0-9]{0,4}";
const LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
const IPV6 = `\\[[0-9a-f:]+\\](?:${PORT})?`;
const HOST = `(?:${LABEL}(?:\\.${LABEL})+(?:${PORT})?|${LABEL}${PORT}|localhost|${IPV6})`;
const ECR_HOST = "[0-9]{12}\\.dkr[.-]ecr(?:-fips)?\\.[a-z0-9-]+\\.[a-z.-]+";
const COMPONENT = "[a-z0-9]+(?:(?:\\.|__|_|-+)[a-z0-9]+)*";
// The canonical names of Docker Hub: docker.io, and library/ for what has no owner.
const REPOSITORY = `(?!index\\.docker\\.io/)(?!docker\\.io/[^/]+$)(?:self|${HOST})/${COMPONENT}(?:/${COMPONENT})*`;
const DIGEST = "@(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})";
const REGION = "[a-z]{2,4}(?:-[a-z]{2,12}){1,2}-[0-9]{1,2}";
const PROFILE = `arn:aws(?:-[a-z]+)*:signer:${REGION}:[0-9]{12}:/signing-profiles/[A-Za-z0-9_]{2,64}(?:/[A-Za-z0-9]{10})?`;

/** The name of an AWS region. */
export const REGION_PATTERN = `^${REGION}$`;

export const registryForm: ValueForm = {
  description:
    "A registry host as in image references, in lower case, or self for this account's ECR registry in this region.",
  pattern: `^(?!index\\.docker\\.io$)(?:self|${ECR_HOST}|(?!.*\\.dkr[.-]ecr)${HOST})$`,
  examples: ["self", "public.ecr.aws"],
};

export const loginHostForm: ValueForm = {
  description: "The host of a registry other than ECR, in lower case.",
  pattern: `^(?!index\\.docker\\.io$)(?!.*\\.dkr[.-]ecr)${HOST}$`,
};

export const secretForm: ValueForm = {
  description: "Full ARN of a secret in AWS Secrets Manager whose JSON has username and password.",
  pattern: `^arn:aws(?:-[a-z]+)*:secretsmanager:${REGION}:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]{1,512}-[A-Za-z0-9]{6}$`,
};

export const tokenServerForm: ValueForm = {
  description: "Host of the server that gives tokens for the registry, if it is another host than the registry's.",
  pattern: `^(?:${LABEL}(?:\\.${LABEL})*(?:${PORT})?|${IPV6})$`,
};

export const nameForm: ValueForm = {
  description: "Name of the statement, once in the document: 1 to 64 letters, digits, . _ or -.",
  pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
};

export const repositoryForm: ValueForm = {
  description:
    'An exact registry/repository, or self/repository in this account\'s ECR registry, without tag and digest; "*" alone for all others.',
  pattern: `^(?:\\*|${REPOSITORY})$`,
};

export const signaturesFromForm: ValueForm = {
  description:
    "Exact registry/repository whose signatures of the same digest are read if those beside the image are not enough.",
  pattern: `^${REPOSITORY}$`,
};

export const exemptionImageForm: ValueForm = {
  description: "Exact registry/repository, with @sha256:... to exempt one image only. No tag.",
  pattern: `^${REPOSITORY}(?:${DIGEST})?$`,
};

export const identityForm: ValueForm = {
  description:
    "ARN of a signing profile of AWS Signer (any version) or of one version of it, or self for the profile that the stack makes.",
  pattern: `^(?:self|${PROFILE})$`,
};

/** In a stack's file an identity can be the signing profile of another stack, too. */
export const stackIdentityForm: ValueForm = {
  description: `${identityForm.description} stack:NAME is the signing profile of another stack.`,
  pattern: `^(?:self|stack:(?:[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+/)?[A-Za-z0-9_.-]+|${PROFILE})$`,
};

/** A text for reviewers: at most 500 characters, without white space around it. */
export function proseForm(description: string): ValueForm {
  return { description, pattern: "^[^\\s\\p{Cc}](?:[^\\p{Cc}\\u2028\\u2029]*[^\\s\\p{Cc}])?$", maxLength: 500 };
}

/** YYYY-MM-DD, also in the form in which the Pulumi CLI writes a date. */
export function dateForm(description: string): ValueForm {
  return {
    type: "string",
    description: `${description} YYYY-MM-DD, in UTC.`,
    pattern: "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?: 00:00:00 \\+0000 UTC)?$",
  };
}
