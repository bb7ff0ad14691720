import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../../trust/text/fixable-error";
import { runbookOfChangeAlarm } from "../../verifier/src/reporting/runbook";
import { fixedName } from "../aws/aws-names";
import { assumeRolePolicy, publishPolicy } from "../aws/iam";
import { findPlace, type Place } from "../aws/place";
import { type Child, type MakeChild, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { PATTERN_LIMIT } from "../detector/launch-pattern";
import { makeAlarms, SILENCING } from "../made-alarms";
import { ComponentError } from "../program-error";
import { typeToken } from "../type-token";
import { changeAlarmRules } from "./change-alarm-rules";
import { changeMessage } from "./change-message";
import { CHANGE_KINDS, CHANGE_RULE, type ChangeFacts, type ChangeKind, changePattern } from "./change-patterns";
import { allNames, type WatchedNames } from "./watched-names";

export interface ChangeAlarmsChildren {
  /** The role with which EventBridge sends messages. */
  readonly role?: Child<iam.RoleArgs>;
  readonly policy?: Child<iam.RolePolicyArgs>;
  /** The rule of each kind of change. */
  readonly rule?: Child<cloudwatch.EventRuleArgs>;
  /** Its message to people. */
  readonly target?: Child<cloudwatch.EventTargetArgs>;
  /** Its alarm. */
  readonly alarm?: Child<cloudwatch.MetricAlarmArgs>;
}

export const CHANGE_ALARMS_SENSITIVE: Sensitive<ChangeAlarmsChildren> = {
  role: ["assumeRolePolicy", "managedPolicyArns", "inlinePolicies"],
  policy: ["role", "policy"],
  rule: ["name", "eventPattern", "eventBusName", "state", "isEnabled"],
  target: ["rule", "arn", "roleArn", "input", "inputPath", "inputTransformer"],
  alarm: SILENCING,
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
  /** Names of the functions, rules, roles and queues. */
  watched: WatchedNames;
  /** ARN of the key that proves orders. */
  keyArn: pulumi.Input<string>;
  /** Name of its alias. */
  keyAlias: pulumi.Input<string>;
  /** ARNs of the tables of the ledger and of the orders. */
  tableArns: readonly pulumi.Input<string>[];
  /** ARN of the topic for messages and alarms. */
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
    const { role, policy } = makeRole(name, child, topicArn);
    const watched = allNames([args.watched, { roles: [role.name] }]);
    const facts = toFacts({ ...args, watched }, findPlace(this));
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
          ...child(
            "target",
            { rule: rule.name, arn: topicArn, roleArn: role.arn, inputTransformer: { inputPaths, inputTemplate } },
            { dependsOn: [policy] },
          ),
        );
        return [kind, rule.name];
      }),
    );
    const alarms = makeAlarms(`${name}-alarm`, (_, alarmArgs) => child("alarm", alarmArgs), changeAlarmRules(rules), {
      topicArn,
      runbookOf: (kind) => runbookOfChangeAlarm(kind, runbookUrl),
    });
    this.alarmArns = pulumi.all(alarms.map(({ arn }) => arn));
    this.registerOutputs({ alarmArns: this.alarmArns });
  }
}

/**
 * By a role, because the policy of a topic may not have a condition for EventBridge (user guide, "Using resource-based policies for
 * Amazon EventBridge"), and without one the rules of every account could publish. That EventBridge uses the role for a topic is
 * inferred (rule-publishes-by-role). Its trust policy needs no condition: only this account can pass the role to a rule.
 */
function makeRole(name: string, child: MakeChild<ChangeAlarmsChildren>, topicArn: pulumi.Input<string>) {
  const role = new iam.Role(
    `${name}-role`,
    ...child("role", { assumeRolePolicy: JSON.stringify(assumeRolePolicy("events.amazonaws.com")) }),
  );
  const policy = new iam.RolePolicy(
    `${name}-policy`,
    ...child("policy", {
      role: role.name,
      policy: pulumi.output(topicArn).apply((arn) => JSON.stringify(publishPolicy(arn))),
    }),
  );
  return { role, policy };
}

/** Fixed, so that the pattern for rules knows the names of those that watch. */
function changeRuleName(kind: ChangeKind, environment: string): string {
  return fixedName(`${CHANGE_RULE}-${kind}`, environment);
}

function watchedKinds({ signingRoles = [] }: Pick<ChangeAlarmsArgs, "signingRoles">): readonly ChangeKind[] {
  return CHANGE_KINDS.filter((kind) => kind !== "signing" || signingRoles.length > 0);
}

function toFacts(args: ChangeAlarmsArgs, { account, region }: Place): pulumi.Output<ChangeFacts> {
  const { deploymentRole, signingRoles, signingProfileArn, watched, keyArn, keyAlias, tableArns } = args;
  return pulumi
    .output({ account, region, signingProfileArn, watched, keyArn, keyAlias, tableArns })
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
