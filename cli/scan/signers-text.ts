import type { Status } from "../../verifier/src/verification/verdict";
import { count } from "../lib/count";
import { digestText } from "../lib/digest-text";
import { printable } from "../lib/printable";
import { inStatusColour } from "../lib/status-colours";
import { type Column, tableText } from "../lib/table";
import { timeText } from "../lib/time-text";
import type { SignedImage } from "./read-signers";
import { repositoryText, runningPlacesText } from "./running-places";
import type { Scanned } from "./scan-output";
import { signerName } from "./signer-name";
import { type ImageState, imageState, profilesOf, signersOf } from "./signers";

/** What needs somebody comes first. */
const ORDER: readonly ImageState[] = ["unsigned", "invalid", "revoked", "expired", "unknown", "valid", "added by AWS"];

/** The images in the order in which they are shown: by state, and those that run the most first. */
export function sortSigned(images: readonly SignedImage[]): readonly SignedImage[] {
  return images.toSorted(
    (one, other) =>
      ORDER.indexOf(imageState(one)) - ORDER.indexOf(imageState(other)) ||
      other.group.containers.length - one.group.containers.length,
  );
}

/** A row for each image, with who signed it. */
export function signedTable(
  images: readonly SignedImage[],
  { account, regions }: Pick<Scanned, "account" | "regions">,
): string {
  return tableText(
    SIGNED_COLUMNS,
    images.map((image) => [
      inStatusColour(LIKE[imageState(image)], imageState(image)),
      repositoryText(image.group),
      digestText(image.digest),
      runningPlacesText(image.group.containers, regions),
      String(image.group.containers.length),
      [...profilesOf(image)].map(([arn, state]) => `${signerName(arn, account)} (${state})`).join(", ") || "-",
    ]),
  );
}

/** The status of which a state has the colour, though nothing is judged. */
const LIKE: Readonly<Record<ImageState, Status>> = {
  valid: "trusted",
  unknown: "inconclusive",
  expired: "denied",
  revoked: "denied",
  invalid: "denied",
  unsigned: "denied",
  "added by AWS": "exempt",
};

const SIGNED_COLUMNS: readonly Column[] = [
  { name: "signature" },
  { name: "repository", wrapTo: 20 },
  { name: "digest", leaveOut: 1 },
  { name: "runs in", wrapTo: 12 },
  { name: "containers", align: "right" },
  { name: "signed by", wrapTo: 16 },
];

/** A row for each signing profile: how many images it has signed, and when. */
export function signersTable(images: readonly SignedImage[], account: string | undefined): string {
  return tableText(
    SIGNER_COLUMNS,
    signersOf(images).map(({ profile, images: { valid, unknown, expired, revoked }, firstSigned, lastSigned }) => [
      profile.name,
      profile.account === account ? `${profile.account} (this)` : profile.account,
      profile.region,
      ...[valid, unknown, expired, revoked].map(String),
      timeText(firstSigned),
      timeText(lastSigned),
    ]),
  );
}

const SIGNER_COLUMNS: readonly Column[] = [
  { name: "signing profile", wrapTo: 16 },
  { name: "account", wrapTo: 12 },
  { name: "region", leaveOut: 1 },
  ...["valid", "unknown", "expired", "revoked"].map((name) => ({ name, align: "right" as const })),
  { name: "first signed", leaveOut: 2 },
  { name: "last signed" },
];

/** Why the signatures of an image are not known: a line for each. */
export function problemLines(images: readonly SignedImage[]): readonly string[] {
  return images.flatMap(({ group, digest, problem, signatures }) => {
    const name = `${repositoryText(group)} ${digestText(digest)}`;
    const open = signatures.find(({ state }) => state === "unknown");
    const why = problem ?? open?.detail;
    return why === undefined ? [] : [`${name}: ${printable(why, 500)}`];
  });
}

/**
 * Says that signatures of other accounts alone make some images valid: any AWS customer can make one.
 *
 * @param accounts whose profiles are known.
 */
export function unknownSignerLines(images: readonly SignedImage[], accounts: readonly string[]): readonly string[] {
  const foreign = signersOf(images).filter(({ profile }) => !accounts.includes(profile.account));
  if (accounts.length === 0 || foreign.length === 0) return [];
  const own = new Set(
    signersOf(images).flatMap(({ arn, profile }) => (accounts.includes(profile.account) ? [arn] : [])),
  );
  const alone = images.filter(
    (image) =>
      imageState(image) === "valid" &&
      ![...profilesOf(image)].some(([arn, state]) => state === "valid" && own.has(arn)),
  );
  const of = [...new Set(foreign.map(({ profile }) => profile.account))].join(", ");
  return [
    `UNKNOWN SIGNER: there are signatures by profiles of other accounts (${of}). ${count(alone.length, "image")} with a valid signature ${alone.length === 1 ? "has" : "have"} no valid one of ${accounts.join(", ")}. Any AWS customer can sign an image, and push the signature where they may push.`,
  ];
}

/** The images of each state, as words. */
export function stateCounts(images: readonly SignedImage[]): string {
  return ORDER.toReversed()
    .flatMap((state) => {
      const number = images.filter((image) => imageState(image) === state).length;
      return number === 0 ? [] : [`${number} ${WORDS[state]}`];
    })
    .join(", ");
}

const WORDS: Readonly<Record<ImageState, string>> = {
  valid: "with a valid signature",
  unknown: "unknown",
  expired: "with an expired signature only",
  revoked: "with a revoked signature only",
  invalid: "with an invalid signature only",
  unsigned: "unsigned",
  "added by AWS": "added by AWS",
};

/** A signed image for programs. Every key is present; unknown values are `null`. */
export function signedJson({ digest, problem, signatures }: SignedImage) {
  return {
    digest: digest ?? null,
    problem: problem ?? null,
    signatures: signatures.map(({ profile, job, signingTime, expiry, state, detail, digest: manifest }) => ({
      digest: manifest,
      state,
      profileVersion: profile?.arn ?? null,
      account: profile?.account ?? null,
      job: job ?? null,
      signingTime: signingTime ?? null,
      expiry: expiry ?? null,
      detail: detail ?? null,
    })),
  };
}
