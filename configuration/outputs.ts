import * as pulumi from "@pulumi/pulumi";
import { revokeCommands, runSampleCommands, signCommands } from "../components/commands";
import type { ImageVerification } from "../components/image-verification";
import type { Configuration } from "./read";

/** The outputs of a stack. Other stacks read `signingProfileArn`; automation/environments/outputs.ts reads most of the others. */
export function toOutputs(
  verification: ImageVerification,
  configuration: Configuration,
  trustedStacks: ReadonlyMap<string, string>,
) {
  const { environment, account, region, mode, protect } = configuration;
  const { signingProfile, verifier, detector, ledger, notifications, sample, registry, logsQuery } = verification;
  return {
    environment,
    account,
    region,
    mode,
    registry,
    signingProfileArn: signingProfile.arn,
    signingProfileVersionArn: signingProfile.versionArn,
    functionName: verifier.functionName,
    logGroup: verifier.logGroupName,
    logsQuery,
    ledgerTable: ledger.tableName,
    failureQueue: verifier.failureQueueName,
    deadLetterQueue: detector.deadLetterQueueName,
    // The next update compares them: configuration/replacement-problems.ts.
    ...(trustedStacks.size === 0 ? {} : { trustedStacks: Object.fromEntries(trustedStacks) }),
    unconfirmedRecipients: notifications.unconfirmed,
    howToSign: pulumi
      .all([registry, signingProfile.arn])
      .apply(([host, profileArn]) => signCommands({ region, registry: host, profileArn })),
    howToRevoke: pulumi
      .all([signingProfile.arn, signingProfile.versionArn])
      .apply(([arn, versionArn]) => revokeCommands(arn, versionArn)),
    ...(protect
      ? {
          howToUnprotect:
            "The signing profile and the ledger are protected: pulumi config set protect false, then pulumi up. See docs/teardown.md.",
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
