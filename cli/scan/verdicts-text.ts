import { plainTable } from "../../trust/text/plain-table";
import { STATUSES, type Status } from "../../verifier/src/verification/verdict";
import { printable } from "../lib/printable";
import { inStatusColour } from "../lib/status-colours";
import type { JudgedImage } from "./judge-images";
import { digestText, placesText, repositoryText } from "./running-places";
import { signerName } from "./signer-name";

/** What needs somebody comes first. */
const RANKS: Readonly<Record<Status, number>> = { denied: 0, inconclusive: 1, exempt: 2, trusted: 3 };

/** The images in the order in which they are shown: by status, and those that run the most first. */
export function sortJudged(images: readonly JudgedImage[]): readonly JudgedImage[] {
  return images.toSorted(
    (one, other) =>
      RANKS[one.verdict.status] - RANKS[other.verdict.status] ||
      other.group.containers.length - one.group.containers.length,
  );
}

/** A row for each image. @param account that is scanned. */
export function judgedTable(images: readonly JudgedImage[], account: string | undefined): string {
  return plainTable(
    ["status", "code", "repository", "digest", "runs in", "containers", "signed by"],
    images.map(({ group, verdict: { status, code, digest, signature, counted = [] } }) => {
      const signatures = counted.length === 0 && signature !== undefined ? [signature] : counted;
      const signers = new Set(signatures.map(({ profileVersion }) => signerName(profileVersion, account)));
      return [
        inStatusColour(status, status),
        code,
        repositoryText(group),
        digestText(digest ?? group.subject.digest),
        placesText(group.containers),
        String(group.containers.length),
        [...signers].join(", ") || "-",
      ];
    }),
  );
}

/** How many images and containers there are by status and code. */
export function codesTable(images: readonly JudgedImage[]): string {
  const codes = new Map<string, { readonly status: Status; images: number; containers: number }>();
  for (const { group, verdict } of images) {
    const row = codes.get(verdict.code) ?? { status: verdict.status, images: 0, containers: 0 };
    row.images += 1;
    row.containers += group.containers.length;
    codes.set(verdict.code, row);
  }
  return plainTable(
    ["status", "code", "images", "containers"],
    [...codes].map(([code, row]) => [
      inStatusColour(row.status, row.status),
      code,
      String(row.images),
      String(row.containers),
    ]),
  );
}

/** Why something could not be found out: a line for each image. */
export function openLines(images: readonly JudgedImage[]): readonly string[] {
  return images.flatMap(({ group, verdict: { status, code, digest, detail } }) =>
    status === "inconclusive"
      ? [`${repositoryText(group)} ${digestText(digest ?? group.subject.digest)}: ${code}: ${printable(detail, 500)}`]
      : [],
  );
}

/** The images of each status, as words. */
export function statusCounts(images: readonly JudgedImage[]): string {
  const counts = STATUSES.flatMap((status) => {
    const number = images.filter(({ verdict }) => verdict.status === status).length;
    return number === 0 ? [] : [`${number} ${status}`];
  });
  return counts.join(", ");
}
