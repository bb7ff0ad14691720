import * as z from "zod";
import { oneOf, textLike, wholeNumber } from "../../trust/text/fields";

/** The maximum time of a break-glass exemption that an environment can allow, in hours. */
export const LONGEST_EXEMPTION_HOURS = 72;

/** Every setting of the verifier with its range, except the trust document. docs/configuration.md explains each. */
export const behaviourFields = {
  /** Name of the environment, as records show it. */
  environment: textLike(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "1 to 64 letters, digits, dots, - or _"),
  /** `audit` records; `enforce` also stops. */
  mode: oneOf("audit", "enforce"),
  /** How a final inconclusive verdict is handled: with an alert only, or like a denial. */
  onInconclusive: oneOf("alert", "deny"),
  /**
   * Age of an event, in seconds, from which an inconclusive verdict is final and the verifier no longer waits for ECR's
   * managed signing. Lambda's last attempt comes 180 seconds after the first: with a larger value, events would end in
   * the failure queue before `onInconclusive` applies.
   */
  giveUpAfterSeconds: wholeNumber(0, 180, "seconds"),
  /** How long a trusted verdict is kept, in seconds: the longest time for which a revocation can go unnoticed. */
  verdictTtlSeconds: wholeNumber(0, 3600, "seconds"),
  /** Time limit of one verification, in seconds. */
  verificationTimeoutSeconds: wholeNumber(1, 300, "seconds"),
  /** The maximum number of signatures tried per image. */
  maxSignatures: wholeNumber(1, 1000),
  /**
   * The maximum number of tasks stopped in a cluster within ten minutes. One task definition family may use at most
   * half of it, rounded up. Further stops wait for the next ten minutes. With 0 there are alerts only.
   */
  stopBudget: wholeNumber(0, 10_000),
  /** How long the ledger keeps its entries, in days. */
  ledgerDays: wholeNumber(1, 3650, "days"),
  /** How long an order of the moment may exempt an image, in hours. 0: such exemptions are ignored. */
  exemptionHours: wholeNumber(0, LONGEST_EXEMPTION_HOURS, "hours"),
};

const { onInconclusive, giveUpAfterSeconds, verdictTtlSeconds, verificationTimeoutSeconds } = behaviourFields;
const { maxSignatures, stopBudget, ledgerDays, exemptionHours } = behaviourFields;

/** The same, with defaults for optional settings. */
export const behaviourSchema = z.strictObject({
  ...behaviourFields,
  onInconclusive: onInconclusive.default("alert"),
  giveUpAfterSeconds: giveUpAfterSeconds.default(150),
  verdictTtlSeconds: verdictTtlSeconds.default(300),
  verificationTimeoutSeconds: verificationTimeoutSeconds.default(20),
  maxSignatures: maxSignatures.default(50),
  stopBudget: stopBudget.default(20),
  ledgerDays: ledgerDays.default(30),
  exemptionHours: exemptionHours.default(8),
});

/** How the verifier behaves, without the trust document. */
export type Behaviour = z.infer<typeof behaviourSchema>;

/** The same as a user writes it: settings with a default are optional. */
export type BehaviourArgs = z.input<typeof behaviourSchema>;
