import * as z from "zod";
import { oneOf, textLike, wholeNumber } from "../../trust/text/fields";

/** Every setting of the verifier with its range, apart from whom it trusts. docs/configuration.md explains each. */
export const behaviourFields = {
  /** Name of the environment, as records show it. */
  environment: textLike(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "1 to 64 letters, digits, dots, - or _"),
  /** `audit` records; `enforce` also stops. */
  mode: oneOf("audit", "enforce"),
  /** What a final inconclusive verdict comes to: an alert only, or the same as a denial. */
  onInconclusive: oneOf("alert", "deny"),
  /**
   * From this age of an event on, an inconclusive verdict is final, and ECR's managed signing is no longer waited for. In
   * seconds. Lambda's last attempt comes 180 seconds after the first; a longer time would end in the failure queue, and
   * `onInconclusive` would never be asked.
   */
  giveUpAfterSeconds: wholeNumber(0, 180, "seconds"),
  /** How long a trusted verdict is kept: the longest time that a revocation can stay unseen. In seconds. */
  verdictTtlSeconds: wholeNumber(0, 3600, "seconds"),
  /** How long one verification may take. In seconds. */
  verificationTimeoutSeconds: wholeNumber(1, 300, "seconds"),
  /** How many signatures of an image are tried. */
  maxSignatures: wholeNumber(1, 1000),
  /**
   * The most tasks stopped in a cluster within ten minutes, of which one task definition family has at most half, rounded
   * up. What is over it waits for the next ten minutes. 0: there are alerts only.
   */
  stopBudget: wholeNumber(0, 10_000),
  /** How long the ledger remembers. In days. */
  ledgerDays: wholeNumber(1, 3650, "days"),
};

const { onInconclusive, giveUpAfterSeconds, verdictTtlSeconds, verificationTimeoutSeconds } = behaviourFields;
const { maxSignatures, stopBudget, ledgerDays } = behaviourFields;

/** The same, with the defaults of what may be left out. */
export const behaviourSchema = z.strictObject({
  ...behaviourFields,
  onInconclusive: onInconclusive.default("alert"),
  giveUpAfterSeconds: giveUpAfterSeconds.default(150),
  verdictTtlSeconds: verdictTtlSeconds.default(300),
  verificationTimeoutSeconds: verificationTimeoutSeconds.default(20),
  maxSignatures: maxSignatures.default(50),
  stopBudget: stopBudget.default(20),
  ledgerDays: ledgerDays.default(30),
});

/** How the verifier behaves, apart from whom it trusts. */
export type Behaviour = z.infer<typeof behaviourSchema>;

/** The same as somebody writes it: what has a default may be left out. */
export type BehaviourArgs = z.input<typeof behaviourSchema>;
