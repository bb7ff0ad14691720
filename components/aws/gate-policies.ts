import type { AttachSetting } from "../../verifier/src/gate/hook";
import {
  allow,
  inClusters,
  type PolicyDocument,
  type PolicyStatement,
  policy,
  type RecordingPermissions,
  readOrders,
  recordingStatements,
  useLedger,
  writeLog,
} from "./iam";

/** The account and region that ARNs are made for. */
interface PolicyPlace {
  /** Such as `aws`. */
  readonly partition: string;
  readonly region: string;
  /** AWS account: 12 digits. */
  readonly account: string;
}

/** The facts that decide what the gate's function may do with a verdict. */
export interface GatePermissions extends RecordingPermissions {
  readonly place: PolicyPlace;
  readonly logGroupArn: string;
  /** Whether it reads the tags of services, to tell who owns one. */
  readonly readsTags: boolean;
}

/**
 * What the gate's function does beside judging images (`readingPolicy`): it looks a deployment up, reads the orders that
 * change the answer, records and notifies. It stops and changes nothing: its answer is all that ECS gets.
 */
export function gatePolicy(permissions: GatePermissions): PolicyDocument {
  const { place, logGroupArn, readsTags } = permissions;
  return policy([
    allow(
      "ReadDeployments",
      ["ecs:DescribeServiceDeployments", "ecs:DescribeServiceRevisions", "ecs:ListServiceDeployments"],
      ["service", "service-deployment", "service-revision"].map((kind) => ecsArn(place, kind)),
    ),
    ...(readsTags ? [allow("ReadOwners", ["ecs:ListTagsForResource"], [ecsArn(place, "service")])] : []),
    ...recordingStatements(permissions),
    writeLog(logGroupArn),
  ]);
}

/** The facts that decide the permissions of the keeper's function. */
export interface KeeperPermissions
  extends Pick<RecordingPermissions, "environment" | "ordersTableArn" | "ordersKeyArn" | "ledgerArn" | "topicArn"> {
  readonly place: PolicyPlace;
  readonly attach: AttachSetting;
  /** ARNs of the services that it attaches the gate to with `listed`. */
  readonly services: readonly string[];
  /** ARNs of the watched clusters; every cluster of the account and region if undefined. */
  readonly clusters?: readonly string[] | undefined;
  /** ARN of the gate's function. */
  readonly gateArn: string;
  /** ARN of the role with which ECS invokes it. */
  readonly invokerRoleArn: string;
  readonly logGroupArn: string;
}

/**
 * What the keeper's function does: it finds the services that have the gate and those that have not, and tells who took it
 * away. Only where its setting says so may it change services. ECS has no condition key for what UpdateService changes
 * (service authorization reference), so that right covers more than hooks. That `ecs:cluster` holds for UpdateService is inferred
 * (cluster-condition-key).
 */
export function keeperPolicy(permissions: KeeperPermissions): PolicyDocument {
  const { place, gateArn, ledgerArn, topicArn, logGroupArn } = permissions;
  return policy([
    // Neither has resource-level permissions that a list of all could be narrowed with.
    allow("ListServices", ["ecs:ListClusters", "ecs:ListServices"], ["*"]),
    allow("ReadServices", ["ecs:DescribeServices"], [ecsArn(place, "service")]),
    allow("ReadGate", ["lambda:GetFunctionConfiguration"], [gateArn, `${gateArn}:*`]),
    // The action has no resource-level permissions (service authorization reference, AWS CloudTrail).
    allow("FindWhoDetached", ["cloudtrail:LookupEvents"], ["*"]),
    ...attachStatements(permissions),
    useLedger(ledgerArn),
    ...readOrders(permissions),
    allow("Notify", ["sns:Publish"], [topicArn]),
    writeLog(logGroupArn),
  ]);
}

function attachStatements(permissions: KeeperPermissions): readonly PolicyStatement[] {
  const { place, attach, services, clusters, invokerRoleArn } = permissions;
  if (attach === "none") return [];
  const update = allow("AttachGate", ["ecs:UpdateService"], attach === "all" ? [ecsArn(place, "service")] : services);
  return [
    inClusters(update, attach === "all" ? clusters : undefined),
    {
      ...allow("PassInvoker", ["iam:PassRole"], [invokerRoleArn]),
      Condition: { StringEquals: { "iam:PassedToService": "ecs.amazonaws.com" } },
    },
  ];
}

/** Lets ECS invoke the gate's function, under any version or alias. */
export function invokerPolicy(functionArn: string): PolicyDocument {
  return policy([allow("InvokeGate", ["lambda:InvokeFunction"], [functionArn, `${functionArn}:*`])]);
}

function ecsArn({ partition, region, account }: PolicyPlace, kind: string): string {
  return `arn:${partition}:ecs:${region}:${account}:${kind}/*`;
}
