import * as pulumi from "@pulumi/pulumi";
import { blockCommands, revokeCommands, runSampleCommands, signCommands } from "../components/commands";
import { listEnforced } from "../components/gate/variables";
import type { ImageVerification } from "../components/image-verification";
import { toBehaviour } from "./behaviour";
import { openHours } from "./gate-schema";
import type { Configuration } from "./read";
import { withStackIdentities } from "./stack-identities";

/** The outputs of a stack. Other stacks read `signingProfileArn`; automation/environments/outputs.ts reads most of the others. */
export function toOutputs(
  verification: ImageVerification,
  configuration: Configuration,
  trustedStacks: ReadonlyMap<string, string>,
) {
  const { stack, environment, account, region, mode, protect, clusters, runbookUrl } = configuration;
  const { exemptionHours } = toBehaviour(configuration);
  const { signingProfile, verifier, detector, ledger, orders, notifications, sample, dashboard, registry, logsQuery } =
    verification;
  return {
    environment,
    account,
    region,
    mode,
    registry,
    signingProfileArn: signingProfile.arn,
    // A machine with these outputs alone can judge images as this environment does.
    trustDocument: withStackIdentities(configuration.trust, (text) => trustedStacks.get(text) ?? text),
    signingProfileVersionArn: signingProfile.versionArn,
    functionName: verifier.functionName,
    logGroup: verifier.logGroupName,
    logsQuery,
    ...(dashboard === undefined ? {} : { dashboard: dashboard.url }),
    ledgerTable: ledger.tableName,
    ordersTable: orders.tableName,
    ordersKeyArn: orders.keyArn,
    exemptionHours,
    ...(clusters === undefined ? {} : { watchedClusters: clusters }),
    ...(runbookUrl === undefined ? {} : { runbookUrl }),
    failureQueue: verifier.failureQueueName,
    deadLetterQueue: detector.deadLetterQueueName,
    ...toGateOutputs(verification, configuration),
    ...toSweepOutputs(verification),
    ...toCanaryOutputs(verification),
    // The next update compares them: configuration/replacement-problems.ts.
    ...(trustedStacks.size === 0 ? {} : { trustedStacks: Object.fromEntries(trustedStacks) }),
    unconfirmedRecipients: notifications.unconfirmed,
    howToSign: pulumi
      .all([registry, signingProfile.arn])
      .apply(([host, profileArn]) => signCommands({ region, registry: host, profileArn })),
    howToRevoke: pulumi
      .all([signingProfile.arn, signingProfile.versionArn])
      .apply(([arn, versionArn]) => revokeCommands(arn, versionArn)),
    howToBlock: blockCommands(stack, exemptionHours),
    ...(protect
      ? {
          howToUnprotect:
            "The signing profile, the ledger, the orders and the deployment gate, if there is one, are protected: pulumi config set protect false, then pulumi up. See docs/teardown.md.",
        }
      : {}),
    ...(sample === undefined
      ? {}
      : {
          signedImagesRepository: sample.repositoryUrl,
          signedImage: sample.signedImage,
          signedTaskDefinitionArn: sample.signedTaskDefinitionArn,
          unsignedTaskDefinitionArn: sample.unsignedTaskDefinitionArn,
          howToRunTheSample: pulumi
            .all([sample.signedTaskDefinitionArn, sample.unsignedTaskDefinitionArn])
            .apply(([signedTaskDefinitionArn, unsignedTaskDefinitionArn]) =>
              runSampleCommands({ region, signedTaskDefinitionArn, unsignedTaskDefinitionArn }),
            ),
        }),
  };
}

/** What other programs and the command line need of the gate, if there is one. */
function toGateOutputs({ gate }: ImageVerification, { gate: settings }: Configuration) {
  if (gate === undefined || settings === undefined) return {};
  return {
    gateTargetArn: gate.targetArn,
    gateInvokerRoleArn: gate.invokerRoleArn,
    gateMode: gate.mode,
    gateEnforce: listEnforced(settings.enforce),
    gateFunctionName: gate.functionName,
    gateLogGroup: gate.logGroupName,
    gateOpenHours: openHours(settings),
  };
}

/** What tells the canary's verdicts from those on what people run, if there is one. */
function toCanaryOutputs({ canaryTask }: ImageVerification) {
  if (canaryTask === undefined) return {};
  return {
    canaryCluster: canaryTask.clusterArn,
    canaryTaskDefinition: canaryTask.taskDefinitionArn,
    canaryDigest: canaryTask.imageDigest,
  };
}

/** What people and the command line need of the sweep, if there is one. */
function toSweepOutputs({ sweep }: ImageVerification) {
  if (sweep === undefined) return {};
  return {
    sweepFunctionName: sweep.functionName,
    sweepWorkerFunctionName: sweep.workerFunctionName,
    sweepLogGroup: sweep.logGroupName,
    sweepQueue: sweep.queueName,
    sweepDeadLetterQueue: sweep.deadLetterQueueName,
  };
}
