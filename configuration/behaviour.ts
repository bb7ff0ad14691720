import type { Behaviour } from "../verifier/src/behaviour";
import type { Configuration } from "./read";

/** The part of the configuration that is baked into the verifier's image. */
export function toBehaviour(configuration: Configuration): Behaviour {
  const { environment, mode, onInconclusive, giveUpAfterSeconds, verdictTtlSeconds } = configuration;
  const { verificationTimeoutSeconds, maxSignatures, stopBudget, ledgerDays, breakGlass } = configuration;
  return {
    environment,
    mode,
    onInconclusive,
    giveUpAfterSeconds,
    verdictTtlSeconds,
    verificationTimeoutSeconds,
    maxSignatures,
    stopBudget,
    ledgerDays,
    exemptionHours: breakGlass === false ? 0 : breakGlass.maxHours,
  };
}
