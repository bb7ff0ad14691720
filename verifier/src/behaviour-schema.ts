import * as z from "zod";
import { oneOf, textLike, wholeNumber } from "../../trust/text/fields";
import { LONGEST_EXEMPTION_HOURS } from "./behaviour";

/** Every setting of `Behaviour` with its range. */
export const behaviourFields = {
  environment: textLike(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "1 to 64 letters, digits, dots, - or _"),
  mode: oneOf("audit", "enforce"),
  onInconclusive: oneOf("alert", "deny"),
  giveUpAfterSeconds: wholeNumber(0, 180, "seconds"),
  verdictTtlSeconds: wholeNumber(0, 3600, "seconds"),
  verificationTimeoutSeconds: wholeNumber(1, 300, "seconds"),
  maxSignatures: wholeNumber(1, 1000),
  stopBudget: wholeNumber(0, 10_000),
  ledgerDays: wholeNumber(1, 3650, "days"),
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
