import { daysUntil } from "../../trust/calendar-date";
import type { Exemption, Statement, TrustDocument } from "../../trust/document";
import { parseIdentity } from "../../trust/identity";
import { parseEcrHost } from "../../trust/partition";
import { formatPath, type Problem } from "../../trust/problem";
import { quote } from "../../trust/quote";
import { self } from "../../trust/registry-entry";
import { toHost } from "../../trust/registry-login";
import { everyRepository, toRegistry } from "../../trust/repository-entry";
import { registryKey, repositoryKey } from "../../trust/same-registry";
import { listRequirements } from "../../trust/signers";
import { regionWarnings } from "./region-warnings";

/** An exemption that ends within this many days gets a warning. */
const SOON_DAYS = 30;
/** The policy pack's default for the longest exemption, in days. */
const LONG_DAYS = 90;

/** Findings that may not be mistakes but that a person should review. */
export function trustWarnings(document: TrustDocument, now: Date): readonly Problem[] {
  return [
    ...registryWarnings(document),
    ...document.statements.flatMap(identityWarnings),
    ...document.statements.flatMap((statement, index) => sourceWarnings(document, statement, index)),
    ...document.exemptions.flatMap((exemption, index) => expiryWarnings(exemption, index, now)),
    ...document.exemptions.flatMap((exemption, index) => imageWarnings(document, exemption, index)),
    ...regionWarnings(document, formatPath),
  ];
}

function registryWarnings({ registries, statements }: TrustDocument): readonly Problem[] {
  // A registry may be listed only to give a login for `signaturesFrom`.
  const repositories = statements.flatMap((statement) => [
    ...statement.repositories,
    ...(statement.signaturesFrom === undefined ? [] : [statement.signaturesFrom]),
  ]);
  // The value of `self` may be written out in either place.
  const open = repositories.includes(everyRepository);
  const hosts = registries.map(toHost);
  return hosts.flatMap((registry, index): Problem[] => {
    const path = formatPath(["registries", index]);
    const first = hosts.indexOf(registry);
    if (first < index) {
      return [{ path, value: registry, message: `is already in registries[${first}]`, fix: "Remove one of them." }];
    }
    if (
      open ||
      repositories.some((name) => registryKey(toRegistry(name)) === registryKey(registry)) ||
      !comparable(registry, repositories)
    ) {
      return [];
    }
    return [
      {
        path,
        value: registry,
        message: "is covered by no statement: every image of it is denied (no-applicable-statement) unless exempt",
        fix: 'Add a statement for its repositories or for "*", or remove the registry.',
      },
    ];
  });
}

/** Whether a registry is certainly not one that hosts the repositories. */
function comparable(registry: string, repositories: readonly string[]): boolean {
  if (registry === self) return repositories.every((name) => !name.includes(".dkr"));
  return !registry.includes(".dkr") || repositories.every((name) => toRegistry(name) !== self);
}

/** ECR is read with the role, listed or not. */
function sourceWarnings(
  { registries }: TrustDocument,
  { signaturesFrom }: Statement,
  index: number,
): readonly Problem[] {
  if (signaturesFrom === undefined) return [];
  const registry = toRegistry(signaturesFrom);
  const isKnown =
    registry === self || registries.map(toHost).includes(registry) || parseEcrHost(registry) !== undefined;
  if (isKnown) return [];
  return [
    {
      path: formatPath(["statements", index, "signaturesFrom"]),
      value: signaturesFrom,
      message: `is in the registry ${quote(registry)}, which is not in registries: it is read without a login`,
      fix: "Check the name. If the registry requires a login, list it in registries with credentials.",
    },
  ];
}

function identityWarnings(statement: Statement, index: number): readonly Problem[] {
  return listRequirements(statement).flatMap(({ identities }, entry) =>
    listWarnings(identities, ["statements", index, ...(statement.require === undefined ? [] : ["require", entry])]),
  );
}

function listWarnings(identities: readonly string[], place: readonly PropertyKey[]): readonly Problem[] {
  return identities.flatMap((text, position): Problem[] => {
    const path = formatPath([...place, "identities", position]);
    const first = identities.indexOf(text);
    if (first < position) {
      const message = `is already in ${formatPath([...place, "identities", first])}`;
      return [{ path, value: text, message, fix: "Remove one of them." }];
    }
    return text === self ? [] : formWarnings(path, text, identities);
  });
}

function formWarnings(path: string, text: string, identities: readonly string[]): Problem[] {
  const { kind } = parseIdentity(text);
  if (kind === "profile") return [];
  const profile = text.slice(0, text.lastIndexOf("/"));
  if (identities.includes(profile)) {
    const message = "adds nothing: the statement trusts every version of this profile";
    return [{ path, value: text, message, fix: "Remove it, or the profile without a version." }];
  }
  return [
    {
      path,
      value: text,
      message: "is one version of a profile: what a later version signs is denied",
      fix: `If that is not meant, trust every version: ${quote(profile)}.`,
    },
  ];
}

function expiryWarnings({ expires, image }: Exemption, index: number, now: Date): readonly Problem[] {
  const days = daysUntil(expires, now);
  const about = { path: formatPath(["exemptions", index, "expires"]), value: expires };
  if (days > LONG_DAYS) {
    const message = `is in ${days} days; the policy pack refuses exemptions that last more than ${LONG_DAYS} unless configured otherwise`;
    return [{ ...about, message, fix: "Set an earlier day, and review the exemption then." }];
  }
  if (days > SOON_DAYS) return [];
  const when = days === 0 ? "is today" : `is in ${days} ${days === 1 ? "day" : "days"}`;
  return [
    {
      ...about,
      message: `${when}: from the next day on ${quote(image)} is denied unless it is signed`,
      fix: "Have the image signed and remove the exemption, or let its owner set a later day.",
    },
  ];
}

function imageWarnings({ exemptions }: TrustDocument, { image }: Exemption, index: number): readonly Problem[] {
  const path = formatPath(["exemptions", index, "image"]);
  const first = exemptions.findIndex((other) => repositoryKey(other.image) === repositoryKey(image));
  if (first < index) {
    const message = `is already exempted by exemptions[${first}]`;
    return [{ path, value: image, message, fix: "Merge them into one, with one owner and one day." }];
  }
  if (image.includes("@")) return [];
  return [
    {
      path,
      value: image,
      message: "has no digest: any image that is pushed there runs unsigned; the policy pack refuses that",
      fix: `Exempt one image: ${quote(`${image}@sha256:<digest>`)}.`,
    },
  ];
}
