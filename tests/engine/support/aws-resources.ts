import { createHash } from "node:crypto";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { Properties } from "./properties";
import { hasImages } from "./pushed-images";
import type { ResourceKind } from "./resource-kind";
import { invokeFunction, noteFunction, publishVersion } from "./running-functions";
import { noteTable } from "./tables";

/** Where the stand-in's resources are. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

interface Context {
  readonly place: Place;
  /** The name outside the program, or that in the program for what has none. */
  readonly name: string;
  readonly inputs: Properties;
  /** How many of this name were made before. */
  readonly before: number;
}

interface AwsKind {
  /** Default: `name`; none for what is only a part of something else. */
  readonly naming?: "name" | "none";
  readonly replaceOn?: readonly string[];
  readonly id?: (context: Context) => string;
  readonly computed?: Readonly<Record<string, (context: Context) => unknown>>;
  readonly renewed?: readonly string[];
  /** As of a resource kind. */
  readonly deleteFirst?: true;
  /** What keeps the service from removing the resource, in its words; undefined for nothing. */
  readonly keptBy?: (inputs: Properties, computed: Properties) => string | undefined;
  /** As `applied` of a resource kind. */
  readonly applied?: ResourceKind["applied"];
  /** Why the service does not take the inputs; undefined if it does. */
  readonly refusal?: (inputs: Properties) => string | undefined;
}

type Part = (context: Context) => string;

function arn(service: string, resource: Part): Part {
  return (context) => {
    const { partition, region, account } = context.place;
    return `arn:${partition}:${service}:${service === "iam" ? "" : region}:${account}:${resource(context)}`;
  };
}

/** Ten letters and digits that follow from a name, as services make them up. */
function made({ name }: Context): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 10);
}

/** As {@link made}, another one for each key that takes the place of one. */
function anotherKey(context: Context): string {
  return made({ ...context, name: context.before === 0 ? context.name : `${context.name} ${context.before}` });
}

const named: Part = ({ name }) => name;
const account: Part = ({ place }) => place.account;
const signingProfile = arn("signer", ({ name }) => `/signing-profiles/${name}`);
const lambda = arn("lambda", ({ name }) => `function:${name}`);
const queueUrl: Part = ({ place, name }) => `https://sqs.${place.region}.amazonaws.com/${place.account}/${name}`;
const ecrHost: Part = ({ place }) => `${place.account}.dkr.ecr.${place.region}.amazonaws.com`;
const taskDefinition = arn("ecs", ({ inputs }) => `task-definition/${inputs.family}`);

/** Only part of another resource: no name, no ARN of its own. */
const part = (replaceOn: readonly string[]): AwsKind => ({ naming: "none", replaceOn });

/** What the stand-in knows of each type: how it is named, what replaces it, what AWS adds to it. */
const kinds: Readonly<Record<string, AwsKind>> = {
  "aws:batch/jobDefinition:JobDefinition": {
    computed: { arn: arn("batch", ({ name }) => `job-definition/${name}:1`) },
  },
  "aws:cloudcontrol/resource:Resource": part(["typeName"]),
  "aws:cloudformation/stack:Stack": { replaceOn: ["name"] },
  "aws:cloudwatch/dashboard:Dashboard": {
    naming: "none",
    replaceOn: ["dashboardName"],
    computed: { dashboardArn: arn("cloudwatch", ({ inputs }) => `dashboard/${inputs.dashboardName}`) },
  },
  "aws:cloudwatch/eventApiDestination:EventApiDestination": {
    replaceOn: ["name"],
    computed: { arn: arn("events", (context) => `api-destination/${context.name}/${made(context)}`) },
  },
  "aws:cloudwatch/eventConnection:EventConnection": {
    replaceOn: ["name"],
    computed: {
      arn: arn("events", (context) => `connection/${context.name}/${made(context)}`),
      secretArn: arn("secretsmanager", ({ name }) => `secret:events!connection/${name}`),
    },
  },
  "aws:cloudwatch/eventRule:EventRule": {
    replaceOn: ["name", "namePrefix", "eventBusName"],
    computed: { arn: arn("events", ({ name }) => `rule/${name}`) },
  },
  "aws:cloudwatch/eventTarget:EventTarget": part(["rule", "targetId", "eventBusName"]),
  "aws:cloudwatch/logGroup:LogGroup": {
    replaceOn: ["name", "namePrefix"],
    computed: { arn: arn("logs", ({ name }) => `log-group:${name}`) },
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    replaceOn: ["name"],
    computed: { arn: arn("cloudwatch", ({ name }) => `alarm:${name}`) },
  },
  "aws:cloudwatch/queryDefinition:QueryDefinition": { computed: { queryDefinitionId: made } },
  "aws:dynamodb/table:Table": {
    replaceOn: ["name", "hashKey", "rangeKey"],
    keptBy: ({ deletionProtectionEnabled }) =>
      deletionProtectionEnabled === true ? "deletionProtectionEnabled is set" : undefined,
    applied: noteTable,
    computed: { arn: arn("dynamodb", ({ name }) => `table/${name}`), streamArn: () => "", streamLabel: () => "" },
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": { ...part(["repository", "policy"]), computed: { registryId: account } },
  "aws:ecr/repository:Repository": {
    replaceOn: ["name", "encryptionConfigurations"],
    // resourceRepositoryDelete of terraform-provider-aws.
    keptBy: ({ name, forceDelete }, { repositoryUrl }) =>
      forceDelete !== true && hasImages(String(repositoryUrl))
        ? `ECR Repository (${name}) not empty, consider using force_delete: RepositoryNotEmptyException`
        : undefined,
    computed: {
      arn: arn("ecr", ({ name }) => `repository/${name}`),
      registryId: account,
      repositoryUrl: (context) => `${ecrHost(context)}/${context.name}`,
    },
  },
  "aws:ecr/repositoryPolicy:RepositoryPolicy": { ...part(["repository"]), computed: { registryId: account } },
  "aws:ecs/cluster:Cluster": { replaceOn: ["name"], computed: { arn: arn("ecs", ({ name }) => `cluster/${name}`) } },
  "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition": part(["containerDefinitions", "family"]),
  "aws:ecs/expressGatewayService:ExpressGatewayService": part(["serviceName", "cluster"]),
  "aws:ecs/service:Service": {
    replaceOn: ["name", "cluster"],
    id: arn("ecs", ({ name }) => `service/default/${name}`),
    computed: { arn: arn("ecs", ({ name }) => `service/default/${name}`) },
  },
  "aws:ecs/taskDefinition:TaskDefinition": {
    naming: "none",
    // Task definitions have revisions: every change but that of tags makes another one.
    replaceOn: [
      ...["containerDefinitions", "family", "cpu", "memory", "networkMode", "requiresCompatibilities"],
      ...["executionRoleArn", "taskRoleArn", "runtimePlatform", "volumes"],
    ],
    id: ({ inputs }) => String(inputs.family),
    refusal: familyRefused,
    computed: {
      arn: (context) => `${taskDefinition(context)}:1`,
      arnWithoutRevision: taskDefinition,
      revision: () => 1,
    },
  },
  "aws:iam/policy:Policy": {
    replaceOn: ["name", "namePrefix", "path", "description"],
    id: arn("iam", ({ name }) => `policy/${name}`),
    refusal: tooLargeForPolicy,
    computed: { arn: arn("iam", ({ name }) => `policy/${name}`), attachmentCount: () => 0, policyId: made },
  },
  "aws:iam/role:Role": {
    replaceOn: ["name", "namePrefix", "path"],
    computed: {
      arn: arn("iam", ({ name }) => `role/${name}`),
      createDate: () => "2026-01-01T00:00:00Z",
      uniqueId: (context) => `AROA${made(context).toUpperCase()}`,
    },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    replaceOn: ["name", "namePrefix", "role"],
    id: roleEntry("name"),
    refusal: tooLargeForRole,
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    ...part(["role", "policyArn"]),
    deleteFirst: true,
    id: roleEntry("policyArn"),
  },
  "aws:kms/alias:Alias": {
    replaceOn: ["name", "namePrefix"],
    computed: { arn: arn("kms", named), targetKeyArn: arn("kms", ({ inputs }) => `key/${inputs.targetKeyId}`) },
  },
  "aws:kms/key:Key": {
    naming: "none",
    replaceOn: ["keyUsage", "customerMasterKeySpec", "multiRegion"],
    id: anotherKey,
    computed: { arn: arn("kms", (context) => `key/${anotherKey(context)}`), keyId: anotherKey },
  },
  // Another key does not replace it (`ResourceKeyPolicy` of terraform-provider-aws).
  "aws:kms/keyPolicy:KeyPolicy": { naming: "none", id: ({ inputs }) => String(inputs.keyId) },
  "aws:lambda/alias:Alias": {
    replaceOn: ["name", "functionName"],
    id: ({ inputs }) => `${inputs.functionName}:${inputs.name}`,
    computed: { arn: arn("lambda", ({ inputs }) => `function:${inputs.functionName}:${inputs.name}`) },
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    ...part(["eventSourceArn"]),
    computed: { uuid: made, functionArn: ({ inputs }) => inputs.functionName },
  },
  "aws:lambda/function:Function": {
    replaceOn: ["name", "packageType"],
    computed: {
      arn: lambda,
      invokeArn: lambda,
      qualifiedArn: (context) => `${lambda(context)}:$LATEST`,
      lastModified: () => "2026-01-01T00:00:00.000+0000",
      version: ({ name, inputs }) => (inputs.publish === true ? publishVersion(name) : "$LATEST"),
    },
    renewed: ["lastModified", "version"],
    applied: noteFunction,
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": part(["functionName", "qualifier"]),
  "aws:lambda/invocation:Invocation": {
    ...part(["functionName", "input", "qualifier", "triggers"]),
    computed: { result: ({ inputs }) => invokeFunction(String(inputs.functionName), String(inputs.input)) },
  },
  "aws:lambda/permission:Permission": part(["action", "function", "principal", "sourceArn", "statementId"]),
  "aws:scheduler/schedule:Schedule": {
    replaceOn: ["name"],
    computed: { arn: arn("scheduler", ({ name }) => `schedule/default/${name}`) },
  },
  "aws:signer/signingProfile:SigningProfile": {
    replaceOn: ["name", "namePrefix", "platformId", "signatureValidityPeriod", "signingMaterial"],
    computed: {
      arn: signingProfile,
      version: made,
      versionArn: (context) => `${signingProfile(context)}/${made(context)}`,
      platformDisplayName: () => "Notation for Container Registries",
      revocationRecords: () => [],
      status: () => "Active",
    },
  },
  "aws:signer/signingProfilePermission:SigningProfilePermission": part([
    ...["action", "principal", "profileName", "profileVersion", "statementId"],
  ]),
  "aws:sns/topic:Topic": {
    replaceOn: ["name", "namePrefix", "fifoTopic"],
    id: arn("sns", named),
    computed: { arn: arn("sns", named), beginningArchiveTime: () => "", owner: account },
  },
  "aws:sns/topicPolicy:TopicPolicy": { ...part(["arn"]), computed: { owner: account } },
  "aws:sqs/queue:Queue": {
    replaceOn: ["name", "namePrefix", "fifoQueue"],
    id: queueUrl,
    computed: { arn: arn("sqs", named), url: queueUrl },
  },
  "aws:sqs/queuePolicy:QueuePolicy": part(["queueUrl"]),
};

function roleEntry(property: string): Part {
  return ({ inputs }) => `${inputs.role}:${inputs[property]}`;
}

/** RegisterTaskDefinition: a family has up to 255 letters, digits, hyphens and underscores (ECS API reference). */
function familyRefused({ family }: Properties): string | undefined {
  if (/^[A-Za-z0-9_-]{1,255}$/.test(String(family))) return undefined;
  return "ClientException: Family contains invalid characters";
}

/** CreatePolicy: 6,144 characters, white space apart (IAM quotas). */
function tooLargeForPolicy({ policy }: Properties): string | undefined {
  if (String(policy).replaceAll(/\s/g, "").length <= 6_144) return undefined;
  return "LimitExceeded: Cannot exceed quota for PolicySize: 6144";
}

/** PutRolePolicy: the inline policies of a role have 10,240 characters together, white space apart (IAM quotas). */
function tooLargeForRole({ role, policy }: Properties): string | undefined {
  if (String(policy).replaceAll(/\s/g, "").length <= 10_240) return undefined;
  return `LimitExceeded: Maximum policy size of 10240 bytes exceeded for role ${role}`;
}

/**
 * The types of `@pulumi/aws`, with what the real provider computes for them.
 */
export function awsKinds(place: () => Place): Readonly<Record<string, ResourceKind>> {
  return Object.fromEntries(Object.entries(kinds).map(([type, kind]) => [type, resourceKind(kind, place)]));
}

function resourceKind(kind: AwsKind, place: () => Place): ResourceKind {
  // Where a resource is, is part of it, and ForceNew (terraform-provider-aws 6, "Enhanced region support").
  const computed: AwsKind["computed"] & object = { ...kind.computed, region: () => place().region };
  const existing = new Set<string>();
  const makings = new Map<string, number>();
  const make = (context: Context, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, computed[name]?.(context)]));
  const contextOf = (name: string, inputs: Properties): Context => {
    const shown = kind.naming === "none" ? name : String(inputs.name);
    return { place: place(), name: shown, inputs, before: makings.get(shown) ?? 0 };
  };
  const accept = (type: string, inputs: Properties) => {
    const refusal = kind.refusal?.(inputs);
    if (refusal !== undefined) throw new Error(`${type}: ${refusal}`);
  };
  return {
    ...(kind.naming === "none" ? {} : { naming: "name" }),
    ...withoutUndefined({
      replaceOn: kind.replaceOn,
      renewed: kind.renewed,
      deleteFirst: kind.deleteFirst,
      applied: kind.applied,
    }),
    computed: Object.keys(computed),
    // The provider sets it in the plan where the program does not (`defaultRegion` of terraform-provider-aws).
    planned: ["region"],
    moved: ({ region }) => (region === place().region ? [] : ["region"]),
    create({ type, name, inputs }) {
      accept(type, inputs);
      const context = contextOf(name, inputs);
      const id = (kind.id ?? named)(context);
      // Parts are told apart by what they belong to, which their id does not say here.
      if (kind.naming !== "none" && existing.has(id)) throw new Error(`creating ${type}: ${id} already exists`);
      existing.add(id);
      makings.set(context.name, context.before + 1);
      return { id, properties: make(context, Object.keys(computed)) };
    },
    update({ type, name, inputs }) {
      accept(type, inputs);
      return make(contextOf(name, inputs), kind.renewed ?? []);
    },
    remove({ type, inputs }, { id, properties }) {
      const kept = kind.keptBy?.(inputs, properties);
      if (kept !== undefined) throw new Error(`deleting ${type} ${id}: ${kept}`);
      existing.delete(id);
    },
  };
}
