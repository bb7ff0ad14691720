import type { ImageVerificationArgs as EnvironmentArgs } from "../components/image-verification-args";
import { ComponentError, forPulumi } from "../components/program-error";
import { show } from "../trust/quote";
import { parseTrustText } from "../trust/read";
import { suggestKey } from "../trust/suggest-key";
import type { Fault } from "../trust/text/fixable-error";
import { withoutUndefined } from "../trust/text/without-undefined";
import type { ImageVerificationArgs } from "./args";

/** Texts that a program in another language gave, and that must be one of a few words. */
export class WordError extends ComponentError {
  override readonly name = "WordError";

  get fault(): Fault {
    return "input";
  }
}

const MODES = ["audit", "enforce"] as const;

/**
 * The arguments of the component, from flat ones. The component checks them further.
 *
 * @param name Name of the component, for errors.
 * @throws {@link WordError}, or an error that says what is wrong with the trust document.
 */
export function toEnvironmentArgs(name: string, args: ImageVerificationArgs): EnvironmentArgs {
  const word = <Word extends string>(argument: keyof ImageVerificationArgs, allowed: readonly Word[]) =>
    readWord(name, argument, args[argument], allowed);
  const { clusters, eventBus, runbookUrl, findings, sampleWorkload, dashboard, protect, forceDelete } = args;
  const gate = withoutUndefined({
    mode: word("gateMode", MODES),
    attach: word("gateAttach", ["none", "listed", "all"]),
    services: args.gateServices,
  });
  const sweep = withoutUndefined({ everyHours: args.sweepEveryHours, mode: word("sweepMode", MODES) });
  return {
    trust: readTrust(name, "trust", args.trust),
    behaviour: withoutUndefined({
      environment: args.environment,
      mode: word("mode", MODES),
      onInconclusive: word("onInconclusive", ["alert", "deny"]),
      giveUpAfterSeconds: args.giveUpAfterSeconds,
      verdictTtlSeconds: args.verdictTtlSeconds,
      verificationTimeoutSeconds: args.verificationTimeoutSeconds,
      maxSignatures: args.maxSignatures,
      stopBudget: args.stopBudget,
      ledgerDays: args.ledgerDays,
      exemptionHours: args.exemptionHours,
    }),
    signingProfile: withoutUndefined({
      existingArn: args.signingProfileArn,
      validityMonths: args.signatureValidityMonths,
    }),
    verifier: withoutUndefined({
      architecture: word("architecture", ["arm64", "x86_64"]),
      memoryMiB: args.memoryMiB,
      timeoutSeconds: args.timeoutSeconds,
      reservedConcurrency: args.reservedConcurrency,
      imageUri: args.imageUri,
      baseImage: args.baseImage,
      baseImageTrust:
        args.baseImageTrust === undefined ? undefined : readTrust(name, "baseImageTrust", args.baseImageTrust),
      logRetentionDays: args.logRetentionDays,
      logKmsKeyArn: args.logKmsKeyArn,
    }),
    notifications: withoutUndefined({
      email: args.email?.map((address) => ({ address })),
      slack: args.slackWebhookUrl === undefined ? undefined : { webhookUrl: args.slackWebhookUrl },
      pagerDuty: args.pagerDutyRoutingKey === undefined ? undefined : { routingKey: args.pagerDutyRoutingKey },
    }),
    ...withoutUndefined({
      clusters,
      eventBus,
      runbookUrl,
      findings,
      sampleWorkload,
      dashboard,
      protect,
      forceDelete,
      // A part that has a setting is wanted.
      gate: Object.keys(gate).length === 0 ? undefined : gate,
      sweep: Object.keys(sweep).length === 0 ? undefined : sweep,
    }),
  };
}

function readTrust(name: string, argument: string, text: string): EnvironmentArgs["trust"] {
  try {
    return parseTrustText(`${argument} of ImageVerification ${name}`, text);
  } catch (error) {
    throw forPulumi(error);
  }
}

function readWord<Word extends string>(
  name: string,
  argument: keyof ImageVerificationArgs,
  value: unknown,
  allowed: readonly Word[],
): Word | undefined {
  if (value === undefined) return undefined;
  const word = allowed.find((one) => one === value);
  if (word !== undefined) return word;
  const near = suggestKey(String(value), allowed);
  throw new WordError({
    where: `ImageVerification ${name}`,
    what: `${argument} is ${show(value)}.`,
    allowed: allowed.join(", "),
    ...(near === undefined ? {} : { fix: `Write ${near}.` }),
  });
}
