import type { SecurityHubClient } from "@aws-sdk/client-securityhub";
import { describeAwsError } from "../aws-error";
import { eachInParallel } from "../in-parallel";
import type { Delivery } from "../reporting/delivery";
import type { Ledger } from "../reporting/ledger";
import type { VerdictLog } from "../reporting/reporter";
import { within } from "../within";
import { toFindingBody } from "./finding-body";
import type { FindingContext, FindingFacts, FindingPlace } from "./finding-facts";
import { findingId, imageOf } from "./finding-id";
import type { FindingTable } from "./finding-table";
import { importFindings, toBatches } from "./import-findings";
import {
  archived,
  type FindingSource,
  type FindingState,
  isUnsent,
  type KnownFinding,
  renewed,
  seenAgain,
  toAsff,
} from "./known-finding";
import { formatUnsent, type UnsentFindings } from "./unsent-message";

/** How long a launch waits for its finding, in milliseconds. It goes on meanwhile, and what is not sent then is sent later. */
const LAUNCH_LIMIT_MS = 3000;
/** Calls to the ledger at a time. */
const AT_ONCE = 16;
/** Attempts to write a finding that others write as well. */
const WRITE_ATTEMPTS = 5;

/** The ledger's partition for what people were told of findings. */
const TOLD = "findings-told";

export interface FindingsOptions {
  readonly context: FindingContext;
  readonly client: SecurityHubClient;
  readonly table: FindingTable;
  readonly ledger: Pick<Ledger, "once">;
  readonly delivery: Pick<Delivery, "announce">;
  readonly log: Pick<VerdictLog, "failure">;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  /** Called with the number of findings that could not be sent. */
  readonly onUnsent: (count: number) => void;
}

/** What is known already, by id; a finding that is not among it is not known. Without it, the ledger is asked. */
export type KnownFindings = ReadonlyMap<string, KnownFinding>;

/** A finding that is no longer true. */
export interface ArchivedFinding {
  readonly id: string;
  readonly state: Exclude<FindingState, "active">;
}

/**
 * The findings in Security Hub: one for each workload and image that is denied or finally inconclusive. What Security Hub
 * should show is kept in the ledger first, then sent; what could not be sent is sent later. No method rejects: a finding
 * must not keep an image from being judged.
 */
export interface Findings {
  readonly context: FindingContext;
  /** The image of a launch was denied, or is finally inconclusive. Sends the finding at once, if that is news. */
  launchFailed(facts: FindingFacts): Promise<void>;
  /** The image of a launch is trusted or exempt. Archives its finding at once, if there is one. */
  launchPassed(place: FindingPlace): Promise<void>;
  /** All findings of the environment, the archived ones as well. */
  known(): Promise<KnownFindings | "unreached">;
  /** Opens and updates findings. {@link flush} sends them. */
  report(facts: readonly FindingFacts[], known?: KnownFindings): Promise<void>;
  /** Archives findings, as far as they are active. {@link flush} sends them. */
  archive(findings: readonly ArchivedFinding[], known?: KnownFindings): Promise<void>;
  /**
   * Sends all that is unsent. Counts what is left then, and tells people once a day.
   *
   * @param limitMs No further call begins after this time. Default: no limit.
   */
  flush(limitMs?: number): Promise<void>;
}

/** Creates the findings of an environment. */
export function createFindings(options: FindingsOptions): Findings {
  const { context, client, table, log, now, onUnsent } = options;

  /** The finding as it is written, with a change; undefined if there is nothing to change. */
  async function change(
    id: string,
    next: (known: KnownFinding | undefined) => KnownFinding | undefined,
    from?: KnownFindings,
  ): Promise<KnownFinding | undefined | "unreached"> {
    let known = from === undefined ? await table.read(id) : from.get(id);
    for (let attempt = 1; attempt <= WRITE_ATTEMPTS; attempt += 1) {
      if (known === "unreached") return "unreached";
      const wanted = next(known);
      if (wanted === undefined) return undefined;
      const outcome = await table.write(wanted, known);
      if (outcome !== "changed") return outcome === "written" ? wanted : "unreached";
      known = await table.read(id);
    }
    // Others keep writing it: what they write is as new as this.
    return undefined;
  }

  function see(facts: FindingFacts, source: FindingSource) {
    const id = findingId(context, facts);
    const seen = { id, body: toFindingBody(facts, context), cluster: facts.cluster, image: imageOf(facts) };
    return { id, next: (known: KnownFinding | undefined) => seenAgain(known, seen, source, now()) };
  }

  /**
   * Sends findings, and notes what Security Hub has now.
   *
   * @param mayGoOn Whether another call may begin, after the first.
   * @returns What could not be sent, and why; undefined if only the time was over.
   */
  async function send(findings: readonly KnownFinding[], mayGoOn = () => true): Promise<UnsentFindings | undefined> {
    let error: Error | undefined;
    let sent = 0;
    for (const [index, batch] of toBatches(findings, toAsff).entries()) {
      if (index > 0 && !mayGoOn()) break;
      const { ids, refused, stopped } = await importFindings(client, batch.map(toAsff));
      const byId = new Map(batch.map((finding) => [finding.id, finding]));
      sent += ids.length;
      await eachInParallel(ids, AT_ONCE, async (id) => {
        const finding = byId.get(id);
        if (finding !== undefined) await table.markSent(finding);
      });
      await eachInParallel(refused, AT_ONCE, async ({ id }) => {
        const finding = byId.get(id);
        // One that is not newer than what Security Hub has might be refused because of that; inferred (newer-finding-wins).
        if (finding !== undefined) await table.write(renewed(finding, now()), finding);
      });
      const [first] = refused;
      error ??= first === undefined ? undefined : new Error(`${first.id}: ${first.reason}`);
      if (stopped === undefined) continue;
      // It concerns all that is left, not a single finding.
      error = stopped;
      break;
    }
    return error === undefined ? undefined : { count: findings.length - sent, error };
  }

  /** What a launch does about its finding, within its time. What is not sent is left to the next flush. */
  async function atLaunch(what: string, work: () => Promise<UnsentFindings | undefined>): Promise<void> {
    await quietly(what, async () => {
      const unsent = await within(work(), LAUNCH_LIMIT_MS);
      if (unsent !== undefined) log.failure(`${what} was not sent yet`, unsent.error);
    });
  }

  async function quietly(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      log.failure(`${what} failed: ${describeAwsError(cause)}`, cause instanceof Error ? cause : new Error("unknown"));
    }
  }

  async function tell(unsent: UnsentFindings): Promise<void> {
    onUnsent(unsent.count);
    log.failure(`${unsent.count} findings could not be sent, and are kept`, unsent.error);
    const day = new Date(now()).toISOString().slice(0, 10);
    await options.ledger.once(TOLD, day, async () => {
      await options.delivery.announce(formatUnsent(unsent, context));
      return "sent";
    });
  }

  return {
    context,
    async launchFailed(facts) {
      const { id, next } = see(facts, "launch");
      await atLaunch(`The finding ${id}`, async () => {
        const written = await change(id, next);
        if (written !== "unreached") return written && send([written]);
        // Nobody would archive what the ledger does not know. The next event of the task finds it again, or a sweep.
        onUnsent(1);
        return { count: 1, error: new Error("The ledger could not be reached") };
      });
    },
    async launchPassed(place) {
      const id = findingId(context, place);
      await atLaunch(`The archived finding ${id}`, async () => {
        const written = await change(id, (known) => archived(known, "passed", now()));
        return written === undefined || written === "unreached" ? undefined : send([written]);
      });
    },
    async known() {
      const all = await table.readAll();
      return all === "unreached" ? all : new Map(all.map((finding) => [finding.id, finding]));
    },
    async report(facts, known) {
      await eachInParallel(facts, AT_ONCE, async (one) => {
        const { id, next } = see(one, "sweep");
        await change(id, next, known);
      });
    },
    async archive(findings, known) {
      await eachInParallel(findings, AT_ONCE, async ({ id, state }) => {
        await change(id, (before) => archived(before, state, now()), known);
      });
    },
    async flush(limitMs = Number.POSITIVE_INFINITY) {
      await quietly("Sending findings", async () => {
        const until = now() + limitMs;
        const all = await table.readAll();
        if (all === "unreached") return;
        const unsent = await send(all.filter(isUnsent), () => now() < until);
        if (unsent !== undefined) await tell(unsent);
      });
    },
  };
}
