import * as pulumi from "@pulumi/pulumi";
import type { TrustDocument } from "../trust/document";
import { expandTrustDocument, type ResolvedTrustDocument, type TrustEnvironment } from "../trust/expand";
import { ecrHost, findPartition } from "../trust/partition";
import { trustsSelf } from "../trust/signers";
import { withoutUndefined } from "../trust/text/without-undefined";
import type { Settings } from "../verifier/src/baked-settings";
import { FINDINGS_CHECK_REQUEST } from "../verifier/src/detector/findings-check";
import { hashSettings } from "../verifier/src/settings-hash";
import { Alarms } from "./alarms";
import { checkedNames } from "./aws/aws-names";
import { findPlace } from "./aws/place";
import { readBehaviour } from "./behaviour";
import { Canary, canaryClusterArn } from "./canary/canary";
import { type CanaryTask, canaryTask } from "./canary/canary-task";
import { ChangeAlarms } from "./changes/change-alarms";
import { allNames } from "./changes/watched-names";
import { checkParts } from "./check-parts";
import { logsQueryLink } from "./commands";
import { Dashboard } from "./dashboard/dashboard";
import { shownParts } from "./dashboard/shown-parts";
import { DeploymentCheck } from "./detector/deployment-check";
import { LaunchDetector } from "./detector/launch-detector";
import { VerifierFunction } from "./detector/verifier-function";
import { FunctionCall } from "./function-call";
import { DeploymentGate } from "./gate/deployment-gate";
import { settingsOfImage } from "./image/built-image";
import { checkBaseImage } from "./image/check-base-image";
import { hasDockerProvider, requireContainerEngine } from "./image/container-engine";
import { VerifierImage } from "./image/verifier-image";
import type { GateArgs, ImageVerificationArgs } from "./image-verification-args";
import { concealed, Notifications } from "./notifications/notifications";
import { OrderWatch } from "./orders/order-watch";
import { Orders } from "./orders/orders";
import { pick } from "./pick";
import { forPulumi } from "./program-error";
import { SampleWorkload } from "./sample/sample-workload";
import { findSigningTools } from "./sample/signing-tools";
import { SigningProfile, withoutExpectation } from "./signing-profile";
import { Sweep } from "./sweep/sweep";
import { readTrust } from "./trust";
import { typeToken } from "./type-token";
import { VerdictLedger } from "./verdict-ledger";
import { watchedQueues } from "./watched-queues";

/**
 * Verifies the image of every task that ECS launches in one account and region: one environment. The component's AWS
 * provider decides the account and region, so that one program can make environments in several regions:
 *
 * ```ts
 * const frankfurt = new aws.Provider("frankfurt", { region: "eu-central-1" });
 * new ImageVerification("frankfurt", args, { provider: frankfurt });
 * ```
 */
export class ImageVerification extends pulumi.ComponentResource {
  readonly signingProfile: SigningProfile;
  /** Undefined if the image was built elsewhere. */
  readonly image: VerifierImage | undefined;
  readonly ledger: VerdictLedger;
  readonly orders: Orders;
  readonly notifications: Notifications;
  readonly verifier: VerifierFunction;
  readonly detector: LaunchDetector;
  readonly alarms: Alarms;
  /** Undefined without `gate`. */
  readonly gate: DeploymentGate | undefined;
  /** Undefined without `sweep`. */
  readonly sweep: Sweep | undefined;
  readonly sample: SampleWorkload | undefined;
  /** Undefined without `canary`. */
  readonly canary: Canary | undefined;
  /** What the canary starts, as the verifier knows it. Undefined without `canary`. */
  readonly canaryTask: CanaryTask<pulumi.Output<string>> | undefined;
  /** Undefined without `changeAlarms`. */
  readonly changes: ChangeAlarms | undefined;
  /** Undefined with `dashboard: false`. */
  readonly dashboard: Dashboard | undefined;
  /** Host of the account's registry. */
  readonly registry: pulumi.Output<string>;
  /** Link to the query for the verdicts in the AWS console. */
  readonly logsQuery: pulumi.Output<string>;

  constructor(name: string, args: ImageVerificationArgs, opts?: pulumi.ComponentResourceOptions) {
    const { clusters, protect, forceDelete = false, runbookUrl, findings = false } = args;
    const { architecture = "arm64", imageUri: builtImage } = args.verifier ?? {};
    const { machine = process.env, children = {}, signingProfile, ...others } = args;
    const recorded = {
      ...others,
      ...withoutUndefined({ signingProfile: signingProfile && withoutExpectation(signingProfile) }),
    };
    const behaviour = readBehaviour(name, args.behaviour);
    const trust = readTrust(name, args.trust);
    checkParts(name, args, behaviour.mode);
    checkBaseImage(args.verifier ?? {}, machine);
    // Checked before any resource is made, so that a missing tool does not stop the update half-way.
    if (builtImage === undefined && !hasDockerProvider(opts)) requireContainerEngine(machine);
    if (args.sampleWorkload) findSigningTools(machine);
    const notifications = concealed(args.notifications ?? {});
    const checked = pulumi.mergeOptions({ transformations: [checkedNames] }, opts);
    // Policies read the account and region from the component's inputs, but its provider can be asked only once it exists.
    const [account, setAccount] = pulumi.deferredOutput<string>();
    const [region, setRegion] = pulumi.deferredOutput<string>();
    super(
      typeToken("ImageVerification"),
      name,
      { ...recorded, account, region, trust, behaviour, notifications },
      checked,
    );
    const parent = { parent: this };
    const own = findPlace(this);
    setAccount(own.account);
    setRegion(own.region);
    const eventBusName = args.eventBus ?? "default";
    const eventBusArn = pulumi.interpolate`arn:${region.apply(findPartition)}:events:${region}:${account}:event-bus/${eventBusName}`;

    this.signingProfile = new SigningProfile(
      `${name}-signing`,
      { ...signingProfile, ...withoutUndefined({ protect }), children: children.signingProfile },
      parent,
    );
    this.sample = args.sampleWorkload
      ? new SampleWorkload(
          `${name}-sample`,
          {
            account,
            region,
            signingProfileArn: this.signingProfile.arn,
            ...withoutUndefined({ goImage: args.verifier?.baseImages?.go, baseImage: args.verifier?.baseImage }),
            forceDelete,
            children: children.sample,
          },
          parent,
        )
      : undefined;
    // Without `self` as an identity the settings are known before the profile is made, and a preview can show them.
    const place: pulumi.Output<TrustEnvironment> = trustsSelf(trust.statements)
      ? pulumi.output({ account, region, signingProfileArn: this.signingProfile.arn })
      : pulumi.output({ account, region });
    const wanted = place.apply((known): Settings => ({ ...behaviour, trust: expandedTrust(trust, known) }));
    const settings =
      builtImage === undefined ? wanted : settingsOfImage({ imageUri: builtImage, architecture }, wanted, this);
    this.image =
      builtImage === undefined
        ? new VerifierImage(
            `${name}-image`,
            {
              ...pick(args.verifier ?? {}, ["baseImages", "baseImage", "source"]),
              settings,
              architecture,
              forceDelete,
              children: children.image,
            },
            parent,
          )
        : undefined;
    // Depends on the settings, so that no function runs an image that was not compared with them.
    const imageUri = this.image?.imageUri ?? settings.apply(() => builtImage ?? "");
    this.ledger = new VerdictLedger(
      `${name}-ledger`,
      { ...withoutUndefined({ protect }), children: children.ledger },
      parent,
    );
    const { openHours, mayOpen } = openings(args.gate);
    this.orders = new Orders(
      `${name}-orders`,
      {
        ...pick(behaviour, ["environment", "exemptionHours"]),
        ...withoutUndefined({ ...args.orders, openHours, mayOpen, protect }),
        children: children.orders,
      },
      parent,
    );
    this.notifications = new Notifications(
      `${name}-notifications`,
      {
        ...notifications,
        environment: behaviour.environment,
        account,
        eventBusName,
        ...withoutUndefined({ runbookUrl }),
        children: children.notifications,
      },
      parent,
    );
    const { memoryMiB, timeoutSeconds, reservedConcurrency, logRetentionDays, logKmsKeyArn } = args.verifier ?? {};
    // What the detector, the gate and the sweep judge and record with.
    const judging = {
      ...withoutUndefined({ memoryMiB, timeoutSeconds, logRetentionDays, logKmsKeyArn, clusters, runbookUrl }),
      imageUri,
      architecture,
      trust: settings.apply(({ trust }) => trust),
      environment: behaviour.environment,
      ledger: pick(this.ledger, ["tableName", "tableArn"]),
      orders: pick(this.orders, ["tableName", "tableArn", "keyArn"]),
      eventBusArn,
      topicArn: this.notifications.topicArn,
    };
    const settingsHash = settings.apply(hashSettings);
    const canaryCluster = args.canary && canaryClusterArn(behaviour.environment, own);
    this.canaryTask = this.sample && canaryCluster && canaryTask(this.sample, canaryCluster);
    // What the launch detector watches: the canary's cluster as well.
    const watchedClusters =
      clusters && canaryCluster && pulumi.all([clusters, canaryCluster]).apply(([listed, its]) => [...listed, its]);
    const watching = withoutUndefined({ clusters: watchedClusters ?? clusters });
    this.verifier = new VerifierFunction(
      `${name}-verifier`,
      {
        ...judging,
        ...watching,
        ...withoutUndefined({ reservedConcurrency, canary: this.canaryTask }),
        mode: behaviour.mode,
        ...(findings ? { findings } : {}),
        children: children.verifier,
      },
      parent,
    );
    const { functionArn, functionName, failureQueueName, logGroupName, permissions } = this.verifier;
    const check = new DeploymentCheck(
      `${name}-check`,
      {
        functionName,
        imageUri,
        settingsHash,
        permissions,
        children: children.check,
      },
      parent,
    );
    this.detector = new LaunchDetector(
      `${name}-detector`,
      { ...watching, functionArn, functionName, children: children.detector },
      parent,
    );
    const watch =
      behaviour.exemptionHours === 0
        ? undefined
        : new OrderWatch(`${name}-watch`, { functionArn, functionName, children: children.watch }, parent);
    const resend = findings
      ? new FunctionCall(
          `${name}-findings`,
          {
            // Several times within the period of the alarm findings-unsent.
            when: { scheduleExpression: "rate(15 minutes)" },
            description: "Sends the findings that Security Hub does not have yet, for the verification of images",
            functionName,
            targetArn: functionArn,
            input: JSON.stringify(FINDINGS_CHECK_REQUEST),
            ...withoutUndefined({ children: children.findings }),
          },
          parent,
        )
      : undefined;
    this.alarms = new Alarms(
      `${name}-alarms`,
      {
        environment: behaviour.environment,
        topicArn: this.notifications.topicArn,
        functionName,
        queues: watchedQueues(failureQueueName, this.detector, this.notifications),
        ...(findings ? { findings } : {}),
        ...withoutUndefined({ runbookUrl }),
        children: children.alarms,
      },
      parent,
    );
    this.gate =
      args.gate === undefined
        ? undefined
        : new DeploymentGate(
            `${name}-gate`,
            {
              ...pick(args.gate, ["mode", "attach", "services", "enforce", "ownerTag", "reservedConcurrency"]),
              ...judging,
              ...withoutUndefined({ protect }),
              onInconclusive: behaviour.onInconclusive,
              openHours,
              settingsHash,
              children: children.gate,
            },
            parent,
          );
    this.sweep =
      args.sweep === undefined
        ? undefined
        : new Sweep(
            `${name}-sweep`,
            {
              ...pick(args.sweep, ["everyHours", "mode"]),
              ...judging,
              ...(findings ? { findings } : {}),
              ...withoutUndefined({ canary: this.canaryTask }),
              settingsHash,
              children: children.sweep,
            },
            parent,
          );
    this.canary =
      args.canary === undefined || this.sample === undefined
        ? undefined
        : new Canary(
            `${name}-canary`,
            {
              ...args.canary,
              ...pick(judging, [
                "environment",
                "imageUri",
                "architecture",
                "logRetentionDays",
                "logKmsKeyArn",
                "ledger",
              ]),
              taskDefinitionArn: this.sample.unsignedTaskDefinitionArn,
              executionRoleArn: this.sample.executionRoleArn,
              topicArn: this.notifications.topicArn,
              ...withoutUndefined({ runbookUrl }),
              children: children.canary,
            },
            parent,
          );
    this.changes =
      args.changeAlarms === undefined
        ? undefined
        : new ChangeAlarms(
            `${name}-changes`,
            {
              ...args.changeAlarms,
              environment: behaviour.environment,
              signingProfileArn: this.signingProfile.arn,
              watched: allNames([
                this.verifier.watched,
                {
                  rules: [this.detector, watch, resend].flatMap((part) => part?.ruleName ?? []),
                  queues: [this.detector.deadLetterQueueName, this.notifications.undeliveredQueueName ?? []].flat(),
                },
                this.gate?.watched ?? {},
                this.sweep?.watched ?? {},
                this.canary?.watched ?? {},
              ]),
              ...pick(this.orders, ["keyArn", "keyAlias"]),
              tableArns: [this.ledger.tableArn, this.orders.tableArn],
              topicArn: this.notifications.topicArn,
              ...withoutUndefined({ runbookUrl }),
              children: children.changes,
            },
            parent,
          );
    this.dashboard =
      args.dashboard === false
        ? undefined
        : new Dashboard(
            `${name}-dashboard`,
            {
              ...shownParts(this),
              environment: behaviour.environment,
              ...withoutUndefined({ runbookUrl }),
              children: children.dashboard,
            },
            parent,
          );
    const parts = [
      check,
      this.detector,
      watch,
      resend,
      this.notifications,
      this.verifier,
      this.alarms,
      this.gate,
      this.sweep,
      this.changes,
      this.dashboard,
    ];
    this.canary?.runAfter(parts.filter((part) => part !== undefined));
    this.registry = pulumi.all([account, region]).apply(([number, name]) => ecrHost(number, name));
    this.logsQuery = pulumi.all([region, logGroupName]).apply(([name, logGroup]) => logsQueryLink(name, logGroup));
    this.registerOutputs({
      signingProfileArn: this.signingProfile.arn,
      functionName,
      logGroupName,
      registry: this.registry,
      logsQuery: this.logsQuery,
    });
  }
}

/** How long the gate can be opened, in hours, and by whom; 0 where it cannot. */
function openings(gate: GateArgs | undefined) {
  if (gate === undefined || gate.open === false) return { openHours: 0, mayOpen: undefined };
  const { maxHours = 8, principals } = gate.open ?? {};
  return { openHours: maxHours, mayOpen: principals };
}

function expandedTrust(trust: TrustDocument, place: TrustEnvironment): ResolvedTrustDocument {
  try {
    return expandTrustDocument(trust, place);
  } catch (error) {
    throw forPulumi(error);
  }
}
