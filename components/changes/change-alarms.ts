import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { findPartition } from "../../trust/partition";
import type { Fault } from "../../trust/text/fixable-error";
import { runbookOfChangeAlarm } from "../../verifier/src/reporting/runbook";
import { fixedName } from "../aws/aws-names";
import { findPlace, type Place } from "../aws/place";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { PATTERN_LIMIT } from "../detector/launch-pattern";
import { metricAlarmArgs } from "../metric-alarm";
import { ComponentError } from "../program-error";
import { typeToken } from "../type-token";
import { changeAlarmRules } from "./change-alarm-rules";
import { changeMessage } from "./change-message";
import { CHANGE_KINDS, CHANGE_RULE, type ChangeFacts, type ChangeKind, changePattern } from "./change-patterns";
import type { WatchedNames } from "./watched-names";

export interface ChangeAlarmsChildren {
  /** The rule of each kind of change. */
  readonly rule?: Child<cloudwatch.EventRuleArgs>;
  /** Its message to people. */
  readonly target?: Child<cloudwatch.EventTargetArgs>;
  /** Its alarm. */
  readonly alarm?: Child<cloudwatch.MetricAlarmArgs>;
}

export const CHANGE_ALARMS_SENSITIVE: Sensitive<ChangeAlarmsChildren> = {
  rule: ["name", "eventPattern", "eventBusName", "state", "isEnabled"],
  target: ["rule", "arn", "input", "inputPath", "inputTransformer"],
  alarm: ["actionsEnabled", "alarmActions"],
};

export interface ChangeAlarmsArgs {
  /** Name of the environment: part of the names of the rules. */
  environment: string;
  /** ARN of the IAM role that deploys the environment. Its changes are no news. */
  deploymentRole: string;
  /** ARNs of the IAM roles that may sign. Default: nobody is told of signing jobs. */
  signingRoles?: readonly string[] | undefined;
  /** ARN of the signing profile. Of a profile of another account or region nothing is seen here. */
  signingProfileArn: pulumi.Input<string>;
  /** Names of the functions, rules and roles. */
  watched: WatchedNames;
  /** ARN of the key that proves orders. */
  keyArn: pulumi.Input<string>;
  /** ARNs of the tables of the ledger and of the orders. */
  tableArns: readonly pulumi.Input<string>[];
  /** ARN of the topic for messages and alarms, whose policy must let these rules publish: {@link changeRuleArns}. */
  topicArn: pulumi.Input<string>;
  /** URL of the runbook that messages and alarms link to. Default: its path in this repository. */
  runbookUrl?: string | undefined;
  /** Changes to single resources of this component: docs/components.md. */
  children?: ChangeAlarmsChildren | undefined;
}

/**
 * Tells people when somebody other than the deployment changes a part of the environment, or somebody other than the CI signs.
 * Rules of EventBridge match what CloudTrail reports, so that the account needs a trail with management events. Each sends a
 * message, and has an alarm on its metric, which rings even if the message cannot be made.
 *
 * IAM is global, and its calls reach EventBridge in one region only (us-east-1, us-gov-west-1): elsewhere the rule for roles
 * matches what another rule there forwards to this region's bus (docs/operations.md).
 */
export class ChangeAlarms extends pulumi.ComponentResource {
  readonly alarmArns: pulumi.Output<string[]>;

  constructor(name: string, args: ChangeAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("ChangeAlarms"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, CHANGE_ALARMS_SENSITIVE);
    const { environment, topicArn, runbookUrl } = args;
    const facts = toFacts(args, findPlace(this));
    const rules = Object.fromEntries(
      watchedKinds(args).map((kind) => {
        const rule = new cloudwatch.EventRule(
          `${name}-rule-${kind}`,
          ...child("rule", {
            name: changeRuleName(kind, environment),
            description: `Changes that no deployment of the image verification made: ${kind}`,
            eventPattern: facts.apply((known) => patternWithinLimit(kind, known)),
          }),
        );
        const { inputPaths, inputTemplate } = changeMessage(kind, environment, runbookOfChangeAlarm(kind, runbookUrl));
        new cloudwatch.EventTarget(
          `${name}-target-${kind}`,
          ...child("target", { rule: rule.name, arn: topicArn, inputTransformer: { inputPaths, inputTemplate } }),
        );
        return [kind, rule.name];
      }),
    );
    const alarms = changeAlarmRules(rules).map((rule) => {
      const alarmArgs = metricAlarmArgs(rule, topicArn, runbookOfChangeAlarm(rule.alarm, runbookUrl));
      return new cloudwatch.MetricAlarm(`${name}-alarm-${rule.alarm}`, ...child("alarm", alarmArgs));
    });
    this.alarmArns = pulumi.all(alarms.map(({ arn }) => arn));
    this.registerOutputs({ alarmArns: this.alarmArns });
  }
}

/** ARNs of the rules, which the topic's policy names before they are made. */
export function changeRuleArns(environment: string, { account, region }: Place): pulumi.Output<string[]> {
  return pulumi
    .all([account, region])
    .apply(([owner, known]) =>
      CHANGE_KINDS.map(
        (kind) => `arn:${findPartition(known)}:events:${known}:${owner}:rule/${changeRuleName(kind, environment)}`,
      ),
    );
}

/** Fixed, so that the topic's policy and the rules can name each other. */
function changeRuleName(kind: ChangeKind, environment: string): string {
  return fixedName(`${CHANGE_RULE}-${kind}`, environment);
}

function watchedKinds({ signingRoles }: Pick<ChangeAlarmsArgs, "signingRoles">): readonly ChangeKind[] {
  return CHANGE_KINDS.filter((kind) => kind !== "signing" || signingRoles !== undefined);
}

function toFacts(args: ChangeAlarmsArgs, { account, region }: Place): pulumi.Output<ChangeFacts> {
  const { deploymentRole, signingRoles, signingProfileArn, watched, keyArn, tableArns } = args;
  return pulumi
    .output({ account, region, signingProfileArn, watched, keyArn, tableArns })
    .apply(({ account: owner, region: known, signingProfileArn: profile, watched: names, ...others }) => ({
      deploymentRole,
      signingRoles,
      profileName: profile.includes(`:signer:${known}:${owner}:`) ? profile.split("/").at(-1) : undefined,
      ...names,
      ...others,
    }));
}

/** EventBridge would refuse a pattern, or it would never match. */
export class ChangeAlarmsError extends ComponentError {
  override readonly name = "ChangeAlarmsError";

  get fault(): Fault {
    return "input";
  }
}

function patternWithinLimit(kind: ChangeKind, facts: ChangeFacts): string {
  if (kind === "signing" && facts.profileName === undefined) {
    throw new ChangeAlarmsError({
      where: "ChangeAlarms",
      what: "The signing profile is of another account or region, whose calls are not seen here.",
      fix: "Leave signingRoles out here, and name them where the profile was made.",
    });
  }
  const pattern = changePattern(kind, facts);
  if (pattern.length <= PATTERN_LIMIT) return pattern;
  throw new ChangeAlarmsError({
    where: "ChangeAlarms",
    what: `The names of the watched ${kind} make an event pattern of ${pattern.length} characters; EventBridge allows ${PATTERN_LIMIT}.`,
    fix: "Give the component or the deployment's role a shorter name, or leave changeAlarms out.",
  });
}
