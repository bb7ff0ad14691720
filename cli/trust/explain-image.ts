import { daysUntil, isPast } from "../../trust/calendar-date";
import { applicableStatement, isRegistryAllowed, notationTrustPolicy } from "../../trust/derive";
import type { Exemption, Statement } from "../../trust/document";
import { parseIdentity } from "../../trust/identity";
import { parseEcrHost } from "../../trust/partition";
import {
  formatReference,
  type ImageReference,
  ReferenceInvalidError,
  readReference,
  repositoryName,
} from "../../trust/reference";
import { everyRepository, toRegistry } from "../../trust/repository-entry";
import { registryKey, repositoryKey } from "../../trust/same-registry";
import { listIdentities } from "../../trust/signers";
import { decideByName } from "../../verifier/src/verification/decide-by-name";
import type { Judgement } from "../../verifier/src/verification/judge-facts";
import { referenceSubject } from "../../verifier/src/verification/subject";
import { type Status, toStatus } from "../../verifier/src/verification/verdict";
import type { PlacedTrust } from "./resolve";
import { viewStatement } from "./view";

/** What a trust document says of an image; what does not apply is `null`. */
export type ImageExplanation = ReturnType<typeof explainImage>;

/** The question that a verification asks of a service. */
export interface Question {
  readonly whom: string;
  readonly what: string;
}

/** Explains an image by a trust document. Without a code, its signatures decide. */
export function explainImage(image: string, placed: PlacedTrust, now: Date) {
  const { trust } = placed;
  const named = decideByName(referenceSubject(image), { trust, now: () => now.getTime() });
  const decision = "judged" in named ? named.judged : undefined;
  const reference = readReference(image);
  if (reference instanceof ReferenceInvalidError) {
    return { ...headOf(image, decision), registry: null, exemptions: [], statement: null, asked: [] };
  }
  const listed = isRegistryAllowed(trust, reference);
  const statement = listed ? applicableStatement(trust, reference) : undefined;
  return {
    ...headOf(formatReference(reference), decision),
    registry: explainRegistry(reference.registry, placed),
    exemptions: exemptionsOf(reference, placed, now),
    statement: statement === undefined ? null : explainStatement(statement, reference, placed),
    asked: decision === undefined && statement !== undefined ? questions(reference, statement, placed) : [],
  };
}

function headOf(image: string, decision: Judgement | undefined) {
  const status: Status | null = decision === undefined ? null : toStatus(decision.code);
  return { image, status, code: decision?.code ?? null, detail: decision?.detail ?? null };
}

function explainRegistry(host: string, { trust }: PlacedTrust) {
  return {
    host,
    listed: trust.registries.includes(host),
    ecr: parseEcrHost(host) ?? null,
    login: trust.logins.find((login) => login.host === host) ?? null,
    /** Names of the same registry that are listed. Each one that images use must be. */
    otherNames: trust.registries.filter((listed) => listed !== host && registryKey(listed) === registryKey(host)),
  };
}

/** The exemptions of the repository, also those that do not match. */
function exemptionsOf(reference: ImageReference, { trust }: PlacedTrust, now: Date) {
  const key = repositoryKey(repositoryName(reference));
  return trust.exemptions
    .filter(({ image }) => repositoryKey(image.split("@")[0] ?? "") === key)
    .map((exemption) => ({
      ...exemption,
      daysLeft: daysUntil(exemption.expires, now),
      misses: missOf(exemption, reference, now) ?? null,
    }));
}

/** Why an exemption of the repository does not match. */
function missOf({ image, expires }: Exemption, { digest }: ImageReference, now: Date): string | undefined {
  const [, exempted] = image.split("@");
  if (isPast(expires, now)) return "it has expired";
  if (exempted === undefined || exempted === digest) return undefined;
  return digest === undefined
    ? "it is for one digest, and the reference has none; it matches if ECS reports this digest"
    : "it is for another digest";
}

function explainStatement(statement: Statement, reference: ImageReference, placed: PlacedTrust) {
  const key = repositoryKey(repositoryName(reference));
  const named = statement.repositories.find((name) => name !== everyRepository && repositoryKey(name) === key);
  const policy = notationTrustPolicy(placed.trust).trustPolicies.find(({ name }) => name === statement.name);
  return {
    ...viewStatement(statement, placed),
    /** The entry that covers the image. */
    coveredBy: named ?? everyRepository,
    registryScopes: policy?.registryScopes ?? [],
  };
}

/** What a verification asks, in its order. */
function questions(reference: ImageReference, statement: Statement, placed: PlacedTrust): readonly Question[] {
  const { signaturesFrom } = statement;
  const source = signaturesFrom === undefined ? undefined : toRegistry(signaturesFrom);
  // ECR is asked about managed signing where the signatures should be.
  const signing = parseEcrHost(source ?? reference.registry);
  return [
    { whom: registryText(reference.registry, placed), what: "the image, and the signatures beside it" },
    ...(source === undefined
      ? []
      : [
          {
            whom: registryText(source, placed),
            what: `the signatures in ${signaturesFrom}, if those beside the image are not enough`,
          },
        ]),
    ...signerPlaces(statement, placed).map((place) => ({
      whom: `AWS Signer ${place}`,
      what: "whether a signature by one of the profiles is revoked",
    })),
    ...(signing === undefined
      ? []
      : [
          {
            whom: `ECR in ${signing.region}`,
            what: "if signatures are missing: whether its managed signing is making them",
          },
        ]),
  ];
}

function registryText(host: string, { trust }: PlacedTrust): string {
  if (parseEcrHost(host) !== undefined) return `${host}, with a token of ECR`;
  const login = trust.logins.find((one) => one.host === host);
  return login === undefined ? `${host}, without a login` : `${host}, with the login in ${login.credentials}`;
}

/** Signer is asked in the region of the profile. */
function signerPlaces(statement: Statement, { unknown }: PlacedTrust): readonly string[] {
  const places = listIdentities(statement).map((arn) => {
    const name = unknown.get(arn);
    return name === undefined ? `in ${parseIdentity(arn).region}` : `in the region of ${name}`;
  });
  return [...new Set(places)];
}
