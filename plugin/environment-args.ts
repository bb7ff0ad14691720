import type { ImageVerificationArgs as EnvironmentArgs } from "../components/image-verification-args";
import { ComponentError, forPulumi } from "../components/program-error";
import { parseTrustText } from "../trust/read";
import { suggestKey } from "../trust/suggest-key";
import { type Explanation, explainedTogether, type Fault } from "../trust/text/fixable-error";
import { withoutUndefined } from "../trust/text/without-undefined";
import type { ImageVerificationArgs } from "./args";
import { argumentProblems, shown } from "./argument-problems";

/** Arguments that a program gave, and that cannot be used. */
export class ArgumentsError extends ComponentError {
  override readonly name = "ArgumentsError";

  constructor(component: string, problems: readonly Explanation[]) {
    const where = `ImageVerification ${component}`;
    const [first, ...others] = problems;
    super(first !== undefined && others.length === 0 ? { where, ...first } : explainedTogether(where, problems));
  }

  get fault(): Fault {
    return "input";
  }
}

const MODES = ["audit", "enforce"] as const;

/**
 * The arguments of the component, from flat ones. The component checks them further.
 *
 * @param name Name of the component, for errors.
 * @param given As the engine passes them: what a program in another language writes, no compiler has seen here.
 * @throws {@link ArgumentsError}, or an error that says what is wrong with the trust document.
 */
export function toEnvironmentArgs(name: string, given: ImageVerificationArgs): EnvironmentArgs {
  const args = withoutNull(given);
  const problems = [...argumentProblems(args)];
  const word = <Word extends string>(argument: keyof ImageVerificationArgs, allowed: readonly Word[]) => {
    const { word: read, problem } = readWord(argument, args[argument], allowed);
    if (problem !== undefined) problems.push(problem);
    return read;
  };
  const mode = word("mode", MODES);
  const onInconclusive = word("onInconclusive", ["alert", "deny"]);
  const architecture = word("architecture", ["arm64", "x86_64"]);
  const gate = withoutUndefined({
    mode: word("gateMode", MODES),
    attach: word("gateAttach", ["none", "listed", "all"]),
    services: args.gateServices,
  });
  const sweep = withoutUndefined({ everyHours: args.sweepEveryHours, mode: word("sweepMode", MODES) });
  if (problems.length > 0) throw new ArgumentsError(name, problems);
  const { clusters, eventBus, runbookUrl, findings, sampleWorkload, dashboard, protect, forceDelete } = args;
  return {
    trust: readTrust(name, "trust", args.trust),
    behaviour: withoutUndefined({
      environment: args.environment,
      mode,
      onInconclusive,
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
      architecture,
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

/** Programs in YAML and Python say null for what they do not give. */
function withoutNull(args: ImageVerificationArgs): ImageVerificationArgs {
  const given = Object.entries(args).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given) as unknown as ImageVerificationArgs;
}

interface ReadWord<Word extends string> {
  readonly word?: Word;
  readonly problem?: Explanation;
}

function readWord<Word extends string>(argument: string, value: unknown, allowed: readonly Word[]): ReadWord<Word> {
  if (value === undefined) return {};
  const word = allowed.find((one) => one === value);
  if (word !== undefined) return { word };
  const near = typeof value === "string" ? suggestKey(value, allowed) : undefined;
  return {
    problem: {
      what: `${argument} is ${shown(value)}.`,
      allowed: allowed.join(", "),
      ...(near === undefined ? {} : { fix: `Write ${near}.` }),
    },
  };
}
