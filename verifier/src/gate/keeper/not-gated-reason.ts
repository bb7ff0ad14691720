import type { NamedOnlyReason } from "../attachment/named-only";
import type { SkipReason } from "../attachment/plan";

/** Why a service does not have the gate's hook as it should be. */
export type NotGatedReason =
  | SkipReason
  | NamedOnlyReason
  /** The keeper attaches to nothing, or to services that are listed, and this is none of them. */
  | "not-attached"
  /** Somebody has taken the hook away, and the keeper gives way. */
  | "removed"
  /** It has the gate's hook, with another role, other stages or another timeout: the keeper rewrites no hook. */
  | "changed"
  /** An opening of the gate is in force for it. */
  | "opened"
  /** The gate's function could not answer, so its hook must not be attached. */
  | "gate-not-active"
  /** After an unexpected difference nothing is attached for the rest of the day. */
  | "stopped"
  /** There was no time left: the next run goes on. */
  | "later"
  /** A call failed. */
  | "failed";
