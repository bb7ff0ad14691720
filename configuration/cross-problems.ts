import { launchPattern, PATTERN_LIMIT } from "../components/detector/launch-pattern";
import { canaryProblems } from "./canary-problems";
import { changeAlarmProblems } from "./change-alarm-problems";
import { gateProblems } from "./gate-problems";
import { imageProblems } from "./image-problems";
import { type ConfigurationProblem, formatKey } from "./problem";
import type { WrittenConfiguration } from "./schema";
import { ecsArnsBegin, type StackPlace } from "./stack-place";
import { sweepProblems } from "./sweep-problems";
import { watchedClusters } from "./watched-clusters";

type Problems = readonly ConfigurationProblem[];

/** The problems of values that are each valid but do not fit together, or do not fit the stack's account and region. */
export function crossProblems(written: WrittenConfiguration, place: StackPlace): Problems {
  return [
    ...secretsProblems(written),
    ...timeProblems(written),
    ...memoryProblems(written),
    ...placeProblems(written, place),
    ...imageProblems(written, place),
    ...patternProblems(written),
    ...signerProblems(written),
    ...gateProblems(written, place),
    ...sweepProblems(written),
    ...changeAlarmProblems(written, place),
    ...canaryProblems(written),
  ];
}

/** Slack and PagerDuty each need their secret. */
function secretsProblems({ notifications, slackWebhookUrl, pagerDutyRoutingKey }: WrittenConfiguration): Problems {
  const missing = (key: string, by: string): ConfigurationProblem => ({
    key: formatKey([key]),
    value: undefined,
    message: `is required by notifications.${by}`,
    fix: `Run: pulumi config set --secret ${key}`,
  });
  return [
    ...(notifications.slack && slackWebhookUrl === undefined ? [missing("slackWebhookUrl", "slack")] : []),
    ...(notifications.pagerDuty && pagerDutyRoutingKey === undefined
      ? [missing("pagerDutyRoutingKey", "pagerDuty")]
      : []),
  ];
}

/** The verifier keeps the time of one verification for its response and records (verifier/src/detector/judge-patiently.ts). */
function timeProblems({ verifier, verificationTimeoutSeconds }: WrittenConfiguration): Problems {
  if (verifier.timeoutSeconds >= 2 * verificationTimeoutSeconds) return [];
  return [
    {
      key: formatKey(["verifier", "timeoutSeconds"]),
      value: verifier.timeoutSeconds,
      message: `is too short beside verificationTimeoutSeconds (${verificationTimeoutSeconds}): it must be at least twice as long`,
    },
  ];
}

/** The ledger remembers what people were told of a break-glass exemption (verifier/src/reporting/order-use.ts). */
function memoryProblems({ ledgerDays, breakGlass }: WrittenConfiguration): Problems {
  if (breakGlass === false || ledgerDays * 24 > breakGlass.maxHours) return [];
  return [
    {
      key: formatKey(["ledgerDays"]),
      value: ledgerDays,
      message: `is not longer than breakGlass.maxHours (${breakGlass.maxHours}): people would be told of an exemption again, or not of its end`,
    },
  ];
}

function placeProblems({ clusters = [] }: WrittenConfiguration, place: StackPlace): Problems {
  const here = ecsArnsBegin(place);
  return clusters.flatMap((arn, index): Problems => {
    if (here === undefined || arn.startsWith(here)) return [];
    return [
      {
        key: formatKey(["clusters", index]),
        value: arn,
        message: `is not a cluster of account ${place.account} in ${place.region}; events of other accounts and regions do not arrive here`,
        fix: "Run one stack in each account and region.",
      },
    ];
  });
}

function patternProblems(written: WrittenConfiguration): Problems {
  const { clusters } = written;
  const { length } = launchPattern(watchedClusters(written));
  if (length <= PATTERN_LIMIT) return [];
  return [
    {
      key: formatKey(["clusters"]),
      value: `${clusters?.length} clusters`,
      message: `make an event pattern of ${length} characters; EventBridge allows ${PATTERN_LIMIT}`,
      fix: "Leave the key out to watch every cluster, or list fewer.",
    },
  ];
}

function signerProblems({ signingProfile: { arn, signers } }: WrittenConfiguration): Problems {
  if (arn === undefined || signers.length === 0) return [];
  return [
    {
      key: formatKey(["signingProfile", "signers"]),
      value: signers.map(({ account }) => account),
      message: "cannot be given permission on a profile that this stack does not make",
      fix: "Give the permission in the stack that makes the profile, or remove signingProfile.arn.",
    },
  ];
}
