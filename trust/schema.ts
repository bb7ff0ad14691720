import * as z from "zod";
import { parseCalendarDate } from "./calendar-date";
import { IdentityInvalidError, readIdentity } from "./identity";
import type { Finding } from "./problem";
import { registryFinding, self } from "./registry-entry";
import {
  disclosedLoginFinding,
  loginHostFinding,
  type RegistryLogin,
  secretFinding,
  tokenServerFinding,
} from "./registry-login";
import { exemptionImageFinding, repositoryFinding } from "./repository-entry";
import { signaturesFromFinding } from "./signatures-from";
import { MAX_REQUIRED_SIGNERS } from "./signer-problems";
import { hasControlCharacters } from "./text/control-characters";
import { isMapping } from "./unchecked-value";
import {
  dateForm,
  exemptionImageForm,
  identityForm,
  loginHostForm,
  nameForm,
  proseForm,
  registryForm,
  repositoryForm,
  secretForm,
  signaturesFromForm,
  tokenServerForm,
  type ValueForm,
} from "./value-forms";

/** `form` is only for JSON Schema. */
function text(findingOf: (value: string) => Finding | undefined, form: ValueForm) {
  return z
    .string()
    .superRefine((value, context) => {
      const finding = findingOf(value);
      if (finding !== undefined) context.addIssue({ code: "custom", message: finding.message, params: { finding } });
    })
    .meta({ ...form });
}

function identityFinding(value: string): Finding | undefined {
  if (value === self) return undefined;
  const identity = readIdentity(value);
  return identity instanceof IdentityInvalidError ? identity.finding : undefined;
}

function nameFinding(value: string): Finding | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value)) return undefined;
  const allowed = "1 to 64 letters, digits, . _ or -, beginning with a letter or digit";
  return { message: "is not a name for a statement", allowed };
}

function proseFinding(value: string): Finding | undefined {
  if (value.trim() === "") return { message: "is blank", fix: "Fill it in: reviewers of the exemption need it." };
  if (value !== value.trim()) {
    return {
      message: "has white space at the start or end",
      fix: "Remove it (in YAML, start a block of text with >- instead of > or |).",
    };
  }
  if (hasControlCharacters(value)) {
    return {
      message: "has a line break or another control character",
      fix: "Write one line (in YAML, start a block of text with >- instead of |).",
    };
  }
  return value.length > 500 ? { message: "is longer than 500 characters" } : undefined;
}

function calendarDate(meaning: string, form: ValueForm) {
  return z
    .unknown()
    .meta({ ...form })
    .transform((value, context): string => {
      const date = parseCalendarDate(value);
      if (date !== undefined) return date;
      const finding: Finding = {
        message: value === undefined ? "is required" : "is not a calendar date",
        allowed: `YYYY-MM-DD, such as "2027-03-31"; ${meaning}, in UTC`,
      };
      context.addIssue({ code: "custom", message: finding.message, params: { finding } });
      return z.NEVER;
    });
}

/** The longest `maxAgeDays`: ten years. */
const MAX_AGE_DAYS = 3650;

function wholeNumber(from: number, to: number, description: string) {
  const range: Finding = { message: "is not a whole number in the range", allowed: `${from} to ${to}` };
  return z
    .unknown()
    .meta({ type: "integer", description, minimum: from, maximum: to })
    .transform((value, context): number => {
      if (typeof value === "number" && Number.isInteger(value) && value >= from && value <= to) return value;
      const isText = typeof value === "string" && /^ *[0-9]+ *$/.test(value);
      const finding: Finding = isText ? { ...range, fix: "Write it without quotes." } : range;
      context.addIssue({ code: "custom", message: finding.message, params: { finding } });
      return z.NEVER;
    });
}

const host = text(registryFinding, registryForm);

const login = z
  .strictObject({
    host: text(loginHostFinding, loginHostForm),
    credentials: text(secretFinding, secretForm),
    tokenServer: text(tokenServerFinding, tokenServerForm).exactOptional(),
  })
  .describe("A registry that requires a login.");

/** The two forms of an entry of `registries`, for JSON Schema. */
export const registryForms = [host, login] as const;

/** Not a union: its error would say that neither form fits, not what is wrong with the intended one. */
const registry = z.unknown().transform((value, context): string | RegistryLogin => {
  const disclosed = disclosedLoginFinding(value);
  if (disclosed !== undefined) {
    // Reported at the host: a problem shows the value that it is about.
    context.addIssue({ code: "custom", message: disclosed.message, path: ["host"], params: { finding: disclosed } });
    return z.NEVER;
  }
  const parsed = (isMapping(value) ? login : host).safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.addIssue({ ...issue, path: [...issue.path] });
  return z.NEVER;
});

const identities = z
  .array(text(identityFinding, identityForm))
  .min(1)
  .describe("Signing profiles, of which one must have signed.");

const requirement = z.strictObject({
  identities: identities.describe("The signing profiles that can meet this entry."),
  atLeast: wholeNumber(
    1,
    MAX_REQUIRED_SIGNERS,
    "How many of the signing profiles must have signed. Default: 1.",
  ).default(1),
});

const statement = z.strictObject({
  name: text(nameFinding, nameForm),
  repositories: z
    .array(text(repositoryFinding, repositoryForm))
    .min(1)
    .describe("The repositories that the statement is about. Each may be in one statement only."),
  // Either of the two; signerProblems sees to that.
  identities: identities.exactOptional(),
  require: z
    .array(requirement)
    .min(1)
    .describe("Instead of identities: each entry must be met, by signers of its own.")
    .exactOptional(),
  signaturesFrom: text(signaturesFromFinding, signaturesFromForm).exactOptional(),
  signedAfter: calendarDate(
    "signatures made before that day do not count",
    dateForm("Signatures made before that day do not count."),
  ).exactOptional(),
  maxAgeDays: wholeNumber(1, MAX_AGE_DAYS, "Signatures older than so many days do not count.").exactOptional(),
});

const exemption = z.strictObject({
  image: text(exemptionImageFinding, exemptionImageForm),
  owner: text(proseFinding, proseForm("Who answers for the exemption.")),
  reason: text(proseFinding, proseForm("Why the image may run without a signature.")),
  expires: calendarDate("the exemption is valid until the end of that day", dateForm("The last day of the exemption.")),
});

/** The shape of a trust document, and every rule for a single value. */
export const trustDocumentSchema = z.strictObject({
  registries: z.array(registry).min(1).describe("The registries that images may come from."),
  statements: z.array(statement).min(1).describe("Who must have signed what."),
  exemptions: z.array(exemption).describe("Images that may run without a signature for a while.").default([]),
});
