import { readBaseTrust } from "../components/image/base-trust";
import type { ImageVerificationArgs } from "../components/image-verification-args";
import type { TrustDocument } from "../trust/document";
import { withoutUndefined } from "../trust/text/without-undefined";
import { toBehaviour } from "./behaviour";
import type { Configuration } from "./read";

/**
 * The arguments of the component for a stack's configuration.
 *
 * @param expectedArn The ARN that the stack's own signing profile must have, if any.
 */
export function toArguments(
  configuration: Configuration,
  trust: TrustDocument,
  expectedArn?: string,
): ImageVerificationArgs {
  const { breakGlass, blocks } = configuration;
  const { clusters, eventBus, runbookUrl, findings, sampleWorkload, dashboard, protect, forceDelete, logs } =
    configuration;
  const { architecture, memoryMiB, timeoutSeconds, reservedConcurrency } = configuration.verifier;
  const { goImage, nodeImage, imageUri, baseImage, baseImageTrust } = configuration.verifier;
  const { arn, validityMonths, signers } = configuration.signingProfile;
  return {
    trust,
    behaviour: toBehaviour(configuration),
    ...withoutUndefined({ clusters }),
    orders: withoutUndefined({
      mayBlock: blocks.principals,
      mayExempt: breakGlass === false ? undefined : breakGlass.principals,
    }),
    signingProfile: { validityMonths, signers, ...withoutUndefined({ existingArn: arn, expectedArn }) },
    verifier: {
      architecture,
      memoryMiB,
      timeoutSeconds,
      reservedConcurrency,
      baseImages: { go: goImage, node: nodeImage },
      imageUri,
      baseImage,
      ...(baseImageTrust === undefined ? {} : { baseImageTrust: readBaseTrust(baseImageTrust).document }),
      logRetentionDays: logs.retentionDays,
      logKmsKeyArn: logs.kmsKeyArn,
    },
    ...withoutUndefined({
      gate: configuration.gate,
      sweep: configuration.sweep,
      canary: configuration.canary,
      changeAlarms: toChangeAlarms(configuration),
    }),
    eventBus,
    ...withoutUndefined({ runbookUrl }),
    notifications: toNotifications(configuration),
    ...(findings ? { findings } : {}),
    sampleWorkload,
    dashboard,
    protect,
    forceDelete,
  };
}

/** The sample is signed by the deployment. */
function toChangeAlarms({ changeAlarms, sampleWorkload }: Configuration): ImageVerificationArgs["changeAlarms"] {
  if (changeAlarms === undefined) return undefined;
  const { deploymentRole, signingRole } = changeAlarms;
  if (signingRole === undefined) return { deploymentRole };
  return { deploymentRole, signingRoles: sampleWorkload ? [signingRole, deploymentRole] : [signingRole] };
}

function toNotifications(configuration: Configuration): NonNullable<ImageVerificationArgs["notifications"]> {
  const { slackWebhookUrl, pagerDutyRoutingKey } = configuration;
  const { email, https, slack, pagerDuty } = configuration.notifications;
  return {
    email,
    https,
    ...(slack === undefined || slackWebhookUrl === undefined
      ? {}
      : { slack: { ...slack, webhookUrl: slackWebhookUrl } }),
    ...(pagerDuty === undefined || pagerDutyRoutingKey === undefined
      ? {}
      : { pagerDuty: { ...pagerDuty, routingKey: pagerDutyRoutingKey } }),
  };
}
