import { daysUntil } from "../../../trust/calendar-date";
import type { Exemption } from "../../../trust/document";
import { repositoryKey } from "../../../trust/same-registry";
import type { ListedOrder, OrderState } from "../orders/list-orders";
import type { RunningImage } from "./running-image";

/** What ends within so many days is shown as ending. The sweep counts with the same. */
export const ENDING_DAYS = 30;

const DAY_MS = 24 * 3_600_000;

/** A trusted image that runs, of which a signature ends. */
export interface EndingSignature {
  readonly repository: string | null;
  readonly digest: string | null;
  readonly validUntil: string;
  /** Whole days left; negative if it has ended since it was judged. */
  readonly daysLeft: number;
  readonly containers: number;
  readonly signers: readonly string[];
}

/** An exemption or a block. */
export interface ListedException {
  /** `trust-document`: an exemption of the trust document; else an order of the moment. */
  readonly source: "trust-document" | "exempt" | "block";
  /** Of an order. */
  readonly state: OrderState | null;
  /** `registry/repository`, with the digest if it is for one. */
  readonly image: string;
  readonly owner: string | null;
  readonly reason: string;
  /** A day (its end, in UTC) or a time; null for a block without end. */
  readonly until: string | null;
  readonly daysLeft: number | null;
  /** Whether something runs by it; null if that is not known. */
  readonly running: boolean | null;
}

/** What ends, the first to end first. */
export interface Ending {
  readonly days: number;
  /** Null if it is not known what runs. */
  readonly signatures: readonly EndingSignature[] | null;
  /** Exemptions of the trust document; null if they are not known. */
  readonly exemptions: readonly ListedException[] | null;
  /** Orders of the moment that have not ended; null if they are not known. */
  readonly orders: readonly ListedException[] | null;
}

export interface EndingFacts {
  /** Undefined if it is not known. */
  readonly running: readonly RunningImage[] | undefined;
  readonly exemptions: readonly Exemption[] | undefined;
  readonly orders: readonly ListedOrder[] | undefined;
  readonly now: Date;
}

export function findEnding({ running, exemptions, orders, now }: EndingFacts): Ending {
  const lasting = orders?.filter(({ state }) => state !== "ended");
  return {
    days: ENDING_DAYS,
    signatures: running === undefined ? null : endingSignatures(running, now),
    exemptions: exemptions === undefined ? null : firstToEnd(exemptions.map((one) => fromDocument(one, running, now))),
    orders: lasting === undefined ? null : firstToEnd(lasting.map((one) => fromOrder(one, running, now))),
  };
}

/** The first to end first, and what has no end last. */
export function firstToEnd(exceptions: readonly ListedException[]): readonly ListedException[] {
  return exceptions.toSorted((one, other) => (one.daysLeft ?? Infinity) - (other.daysLeft ?? Infinity));
}

function endingSignatures(running: readonly RunningImage[], now: Date): readonly EndingSignature[] {
  return running
    .flatMap(({ status, repository, digest, validUntil, containers, signers }) => {
      if (status !== "trusted" || validUntil === null) return [];
      const daysLeft = daysTo(validUntil, now);
      return daysLeft > ENDING_DAYS ? [] : [{ repository, digest, validUntil, daysLeft, containers, signers }];
    })
    .sort((one, other) => (one.validUntil < other.validUntil ? -1 : 1));
}

function daysTo(time: string, now: Date): number {
  return Math.floor((Date.parse(time) - now.getTime()) / DAY_MS);
}

function fromDocument(
  { image, owner, reason, expires }: Exemption,
  running: EndingFacts["running"],
  now: Date,
): ListedException {
  const [repository = "", digest] = image.split("@");
  const covered = running?.filter(
    (one) =>
      one.code === "exempted" &&
      one.order === null &&
      one.repository !== null &&
      repositoryKey(one.repository) === repositoryKey(repository) &&
      (digest === undefined || one.digest === digest),
  );
  const daysLeft = daysUntil(expires, now);
  return {
    source: "trust-document",
    state: null,
    image,
    owner,
    reason,
    until: expires,
    daysLeft,
    running: covered === undefined ? null : covered.length > 0,
  };
}

function fromOrder({ order, state }: ListedOrder, running: EndingFacts["running"], now: Date): ListedException {
  const { kind, image, digest, owner, reason, until } = order;
  return {
    source: kind,
    state,
    image: `${image}@${digest}`,
    owner: owner ?? null,
    reason,
    until: until ?? null,
    daysLeft: until === undefined ? null : daysTo(until, now),
    running: running === undefined ? null : running.some((one) => one.digest === digest),
  };
}
