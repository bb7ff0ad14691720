import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { Settings } from "../baked-settings";
import type { Notation } from "../notation/serve";
import { withOrders } from "../orders/judge-with-orders";
import type { Orders } from "../orders/orders";
import { createJudge, type Judge } from "../verification/judge";
import type { CredentialsFor } from "../verification/registry/ecr-credentials";
import type { AskManagedSigning } from "../verification/registry/managed-signing";
import { verdictCache } from "../verification/verdict-cache";
import type { Ledger } from "./ledger";

/** The maximum number of verdicts kept in memory. */
const CACHED_VERDICTS = 10_000;

/** The parts of a judge. */
export interface JudgeParts {
  readonly settings: Settings;
  readonly ledger: Pick<Ledger, "signatures">;
  readonly notation: Pick<Notation, "verify">;
  readonly credentialsFor: CredentialsFor;
  /** Default: ECR's managed signing is not asked. */
  readonly askManagedSigning?: AskManagedSigning | undefined;
  /** The orders of the moment. */
  readonly orders: Orders;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  /** Time limit of one verification, in milliseconds. */
  readonly deadlineMs: number;
  /** Called for each image by digest: whether its verdict was known. Default: nothing is called. */
  readonly onCacheAsked?: ((isHit: boolean) => void) | undefined;
}

/** Puts a judge together that remembers verdicts and signatures, and obeys orders of the moment. */
export function assembleJudge(parts: JudgeParts): Judge {
  const { settings, ledger, notation, credentialsFor, askManagedSigning, orders, now, deadlineMs } = parts;
  const judge = createJudge({
    trust: settings.trust,
    memory: ledger.signatures,
    notation,
    credentialsFor,
    ...withoutUndefined({ askManagedSigning }),
    cache: verdictCache({
      trustedTtlMs: settings.verdictTtlSeconds * 1000,
      max: CACHED_VERDICTS,
      now,
      onAsked: parts.onCacheAsked,
    }),
    now,
    deadlineMs,
    maxSignatures: settings.maxSignatures,
  });
  return withOrders(judge, orders, now);
}
