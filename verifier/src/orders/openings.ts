import { describeAwsError } from "../aws-error";
import { EVERY_SERVICE, type Opening, openingKey, openingState, parseOpening, type WrittenOpening } from "./opening";

/** How many openings of a service are looked at. People do not give more at a time. */
const MOST_OPENINGS = 25;

/**
 * The proven opening of the gate that is in force for a service, if there is one. Never rejects: what cannot be read, or is
 * not proven, opens nothing.
 */
export type FindOpening = (service: string) => Promise<Opening | undefined>;

export interface OpeningsOptions {
  /** All items with a key, whoever wrote them: `readOrders`. Rejects if they cannot be read. */
  readonly read: (key: string) => Promise<readonly unknown[]>;
  /** Whether the proof of an opening is valid in this environment. Rejects if KMS cannot be asked. */
  readonly isProven: (written: WrittenOpening) => Promise<boolean>;
  /** How long an opening may last, in hours. 0: openings are ignored. */
  readonly openHours: number;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  /** Called for each item that is no opening in this environment. */
  readonly onRefused: (reason: string) => void;
  /** Called if the table or KMS cannot be reached. */
  readonly onUnavailable: (reason: string) => void;
}

export function findOpenings(options: OpeningsOptions): FindOpening {
  const { openHours, onRefused } = options;

  async function ofService(service: string): Promise<readonly Opening[]> {
    try {
      const items = await options.read(openingKey(service));
      return (await Promise.all(select(items, service).map(proven))).flatMap((one) => (one === undefined ? [] : [one]));
    } catch (error) {
      options.onUnavailable(`the openings of the gate could not be read: ${describeAwsError(error)}`);
      return [];
    }
  }

  function select(items: readonly unknown[], service: string): readonly WrittenOpening[] {
    const inForce = items.flatMap((item): readonly WrittenOpening[] => {
      const parsed = parseOpening(item, service);
      if (typeof parsed === "string") {
        onRefused(parsed);
        return [];
      }
      const state = openingState(parsed.opening, options.now(), openHours);
      if (state === "too-long" || state === "not-yet") onRefused(`${parsed.opening.id}: ${state}`);
      return state === "in-force" ? [parsed] : [];
    });
    if (inForce.length > MOST_OPENINGS) onRefused(`${inForce.length} openings of one service`);
    return inForce.slice(0, MOST_OPENINGS);
  }

  async function proven(written: WrittenOpening): Promise<Opening | undefined> {
    const { opening } = written;
    try {
      if (await options.isProven(written)) return opening;
      onRefused(`${opening.id}: its proof does not hold`);
    } catch (error) {
      options.onUnavailable(`the proof of ${opening.id} could not be checked: ${describeAwsError(error)}`);
    }
    return undefined;
  }

  return async (service) => {
    if (openHours === 0) return undefined;
    const [own, every] = await Promise.all([ofService(service), ofService(EVERY_SERVICE)]);
    return openingFor(service, [...own, ...every]);
  };
}

/** The opening that counts for a service, of several in force: the one that ends last. Its records name it. */
export function openingFor(service: string, openings: readonly Opening[]): Opening | undefined {
  return openings
    .filter((one) => one.service === service || one.service === EVERY_SERVICE)
    .toSorted((one, other) => Date.parse(other.until) - Date.parse(one.until))[0];
}
