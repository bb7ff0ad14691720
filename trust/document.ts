import { isPast, parseCalendarDate } from "./calendar-date";
import type { StatementNames } from "./consistency";
import { consistencyProblems } from "./consistency";
import { parseEcrHost } from "./partition";
import type { Problem } from "./problem";
import { formatPath, TrustDocumentError } from "./problem";
import { registryFinding, self } from "./registry-entry";
import { type RegistryLogin, registryConflicts } from "./registry-login";
import { repositoryFinding } from "./repository-entry";
import { registryKey } from "./same-registry";
import { trustDocumentSchema } from "./schema";
import { shapeProblems } from "./shape-problems";
import { signaturesFromProblems } from "./signatures-from";
import { signerProblems } from "./signer-problems";
import type { Signers } from "./signers";
import { asFields, asList } from "./unchecked-value";

/** Who may sign, or must have signed, the images of which repositories. */
export interface Statement extends Signers {
  /** Unique in the document; the name of the statement in Notation's trust policy. */
  readonly name: string;
  /** `["*"]`, or exact `registry/repository` names; `self/<repository>` is one of this account's registry. */
  readonly repositories: readonly string[];
  /**
   * Exact `registry/repository` whose signatures of the same digest are read if those beside the image are not enough.
   * Images do not run from there because of it.
   */
  readonly signaturesFrom?: string;
  /** YYYY-MM-DD; signatures made before the start of that day, in UTC, do not count. */
  readonly signedAfter?: string;
  /** Signatures older than so many days do not count. */
  readonly maxAgeDays?: number;
}

/** An image that may run without a signature for a limited time, with a responsible owner. */
export interface Exemption {
  /** Exact `registry/repository`, or `registry/repository@digest`. */
  readonly image: string;
  readonly owner: string;
  readonly reason: string;
  /** YYYY-MM-DD; valid until the end of that day, in UTC. */
  readonly expires: string;
}

/** Whom an environment trusts, as written: it may contain `self`. */
export interface TrustDocument {
  /** Hosts, possibly with `self`; with a login for a registry other than ECR that requires one. */
  readonly registries: readonly (string | RegistryLogin)[];
  readonly statements: readonly Statement[];
  readonly exemptions: readonly Exemption[];
}

/** The same as a person writes it: what has a default is optional. */
export interface TrustDocumentArgs {
  readonly registries: readonly (string | RegistryLogin)[];
  readonly statements: readonly StatementArgs[];
  /** Default: none. */
  readonly exemptions?: readonly Exemption[];
}

/** A statement as a person writes it. */
export interface StatementArgs extends Omit<Statement, "require"> {
  readonly require?: readonly RequirementArgs[];
}

/** Signers of which a number must have signed, as a person writes it. */
export interface RequirementArgs {
  readonly identities: readonly string[];
  /** Default: 1. */
  readonly atLeast?: number;
}

/** How to read a trust document. */
export interface ParseOptions {
  /** The time for which exemptions are checked; default: now. */
  readonly now?: Date;
  /**
   * `refuse` (the default) makes an expired exemption a problem, so that none is deployed. `keep` is for judging images, which
   * must continue when an exemption expires; `findExemption` ignores expired ones.
   */
  readonly expiredExemptions?: "refuse" | "keep";
}

function statementNames(value: unknown, index: number): StatementNames {
  const { name, repositories } = asFields(value);
  const valid = asList(repositories).flatMap((entry, position) =>
    typeof entry === "string" && repositoryFinding(entry) === undefined ? [{ index: position, text: entry }] : [],
  );
  return { index, ...(typeof name === "string" ? { name } : {}), repositories: valid };
}

/**
 * Whether a repository's registry is listed, as far as this is known before `self` is resolved: `self` may turn out to
 * be an ECR host that is written out elsewhere. The expansion checks again.
 */
function mayBeListed(registries: readonly string[], registry: string): boolean {
  if (registries.some((listed) => registryKey(listed) === registryKey(registry))) return true;
  if (registry === self) return registries.some((listed) => parseEcrHost(listed) !== undefined);
  return registries.includes(self) && parseEcrHost(registry) !== undefined;
}

function crossProblems(root: unknown): readonly Problem[] {
  const fields = asFields(root);
  const registries = asList(fields.registries);
  const valid = registries
    .map((entry) => (typeof entry === "string" ? entry : asFields(entry).host))
    .filter((host): host is string => typeof host === "string" && registryFinding(host) === undefined);
  // If the list has an invalid entry, that entry may have been meant as the missing registry.
  const complete = valid.length > 0 && valid.length === registries.length;
  return [
    ...registryConflicts(registries),
    ...asList(fields.statements).flatMap(signerProblems),
    ...asList(fields.statements).flatMap(signaturesFromProblems),
    ...consistencyProblems(
      asList(fields.statements).map(statementNames),
      (registry) => !complete || mayBeListed(valid, registry),
    ),
  ];
}

function expiryProblems(root: unknown, now: Date): readonly Problem[] {
  return asList(asFields(root).exemptions).flatMap((exemption, index): Problem[] => {
    const date = parseCalendarDate(asFields(exemption).expires);
    if (date === undefined || !isPast(date, now)) return [];
    return [
      {
        path: formatPath(["exemptions", index, "expires"]),
        value: date,
        message: "has passed; the exemption has expired",
        fix: "Sign the image and remove the exemption, or ask the exemption's owner to set a later date.",
      },
    ];
  });
}

/** A day that has not come would make every signature too old. */
function futureProblems(root: unknown, now: Date): readonly Problem[] {
  return asList(asFields(root).statements).flatMap((statement, index): Problem[] => {
    const date = parseCalendarDate(asFields(statement).signedAfter);
    if (date === undefined || date <= now.toISOString().slice(0, 10)) return [];
    return [
      {
        path: formatPath(["statements", index, "signedAfter"]),
        value: date,
        message: "has not come yet; every signature would be too old",
        allowed: "today (UTC) or an earlier day",
      },
    ];
  });
}

/**
 * Checks a trust document and gives it its type. `value` is what a YAML or JSON reader returned.
 *
 * @throws {@link TrustDocumentError} with all problems at once, each with its path, its value and, where known, what is
 * allowed and what to do.
 */
export function parseTrustDocument(value: unknown, options: ParseOptions = {}): TrustDocument {
  const parsed = trustDocumentSchema.safeParse(value);
  const shape = parsed.success ? [] : shapeProblems(value, parsed.error.issues);
  const now = options.now ?? new Date();
  const dated =
    options.expiredExemptions === "keep" ? [] : [...expiryProblems(value, now), ...futureProblems(value, now)];
  const problems = [...shape, ...crossProblems(value), ...dated];
  if (!parsed.success || problems.length > 0) throw new TrustDocumentError(problems);
  return parsed.data;
}
