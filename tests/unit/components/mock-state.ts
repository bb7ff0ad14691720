import type { MockCallArgs, MockCallResult, MockResourceArgs } from "@pulumi/pulumi/runtime";

export const ACCOUNT = "111122223333";
export const REGION = "eu-west-1";
export const REGISTRY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
export const DIGEST = `sha256:${"d".repeat(64)}`;

type State = Readonly<Record<string, unknown>>;

/** A resource that is made, and the region of its provider. */
type Made = Pick<MockResourceArgs, "name" | "inputs"> & { readonly region: string };

const arn = (service: string, resource: string, region: string) =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;

const registryIn = (region: string) => `${ACCOUNT}.dkr.ecr.${region}.amazonaws.com`;

/** What AWS makes up for a resource, by type: `name` and ARN above all. */
const STATES: Readonly<Record<string, (made: Made) => State>> = {
  "aws:signer/signingProfile:SigningProfile": ({ name, region }) => {
    const profile = name.replace(/[^A-Za-z0-9]/g, "_");
    return {
      name: profile,
      arn: arn("signer", `/signing-profiles/${profile}`, region),
      versionArn: arn("signer", `/signing-profiles/${profile}/Ab3dEf6hIj`, region),
    };
  },
  "aws:signer/signingProfilePermission:SigningProfilePermission": () => ({}),
  "aws:ecr/repository:Repository": ({ name, region }) => ({
    name,
    arn: arn("ecr", `repository/${name}`, region),
    registryId: ACCOUNT,
    repositoryUrl: `${registryIn(region)}/${name}`,
  }),
  "aws:ecr/repositoryPolicy:RepositoryPolicy": () => ({}),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": () => ({}),
  "aws:cloudwatch/logGroup:LogGroup": ({ name, region }) => ({ name, arn: arn("logs", `log-group:${name}`, region) }),
  "aws:cloudwatch/eventRule:EventRule": ({ name, inputs, region }) => {
    const shown = inputs.name ?? name;
    return { name: shown, arn: arn("events", `rule/${shown}`, region) };
  },
  "aws:cloudwatch/eventTarget:EventTarget": () => ({}),
  "aws:cloudwatch/eventConnection:EventConnection": ({ name, region }) => ({
    name,
    arn: arn("events", `connection/${name}/1`, region),
  }),
  "aws:cloudwatch/eventApiDestination:EventApiDestination": ({ name, region }) => ({
    name,
    arn: arn("events", `api-destination/${name}/1`, region),
  }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": ({ name, region }) => ({
    name,
    arn: arn("cloudwatch", `alarm:${name}`, region),
  }),
  "aws:ecs/cluster:Cluster": ({ name, inputs, region }) => ({
    arn: arn("ecs", `cluster/${inputs.name ?? name}`, region),
  }),
  "aws:cloudwatch/dashboard:Dashboard": () => ({}),
  "aws:cloudwatch/queryDefinition:QueryDefinition": () => ({}),
  "aws:iam/role:Role": ({ name, inputs }) => {
    const shown = inputs.name ?? name;
    return { name: shown, arn: `arn:aws:iam::${ACCOUNT}:role/${shown}` };
  },
  "aws:iam/policy:Policy": ({ name }) => ({ name, arn: `arn:aws:iam::${ACCOUNT}:policy/${name}` }),
  "aws:iam/rolePolicy:RolePolicy": () => ({}),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": () => ({}),
  "aws:kms/key:Key": ({ name, region }) => ({ keyId: name, arn: arn("kms", `key/${name}`, region) }),
  "aws:kms/alias:Alias": ({ name, region }) => ({ name, arn: arn("kms", `alias/${name}`, region) }),
  "aws:kms/keyPolicy:KeyPolicy": () => ({}),
  "aws:lambda/alias:Alias": ({ inputs, region }) => ({
    arn: arn("lambda", `function:${inputs.functionName}:${inputs.name}`, region),
  }),
  "aws:lambda/function:Function": ({ name, inputs, region }) => {
    const shown = inputs.name ?? name;
    return { name: shown, arn: arn("lambda", `function:${shown}`, region), version: "7" };
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": () => ({}),
  "aws:lambda/eventSourceMapping:EventSourceMapping": () => ({}),
  "aws:lambda/invocation:Invocation": () => ({ result: '{"warnings":[]}' }),
  "aws:lambda/permission:Permission": () => ({}),
  "aws:scheduler/schedule:Schedule": ({ name, region }) => ({
    name,
    arn: arn("scheduler", `schedule/default/${name}`, region),
  }),
  "aws:dynamodb/table:Table": ({ name, region }) => ({ name, arn: arn("dynamodb", `table/${name}`, region) }),
  "aws:sns/topic:Topic": ({ name, region }) => ({ name, arn: arn("sns", name, region) }),
  "aws:sns/topicPolicy:TopicPolicy": () => ({}),
  "aws:sns/topicSubscription:TopicSubscription": () => ({ pendingConfirmation: true }),
  "aws:sqs/queue:Queue": ({ name, region }) => ({
    name,
    arn: arn("sqs", name, region),
    url: `https://sqs.${region}.amazonaws.com/${ACCOUNT}/${name}`,
  }),
  "aws:sqs/queuePolicy:QueuePolicy": () => ({}),
  // Mocks are not told the providers of a remote component: its image is in the same region.
  "awsx:ecs:FargateTaskDefinition": ({ name, inputs, region }) => ({
    taskDefinition: { arn: arn("ecs", `task-definition/${name}:1`, regionOf(inputs.container?.image) ?? region) },
  }),
  "command:local:Command": ({ inputs }) => ({ stdout: commandOutput(inputs.environment) }),
  "pulumi:providers:aws": () => ({}),
  "docker:index/image:Image": ({ inputs }) => ({ repoDigest: `${String(inputs.imageName).split(":")[0]}@${DIGEST}` }),
};

/** The region of an image's registry in ECR. */
function regionOf(image: unknown): string | undefined {
  return /\.dkr\.ecr\.([a-z0-9-]+)\./.exec(String(image))?.[1];
}

function commandOutput({ REPOSITORY }: Readonly<Record<string, string>>): string {
  return REPOSITORY === undefined ? "{}" : `${REPOSITORY}@${DIGEST}`;
}

/** The state of a resource after it was made in a region. Throws for a type that nobody has thought of. */
export function stateOf(args: MockResourceArgs, region: string): State {
  if (args.custom === false && !args.type.startsWith("awsx:")) return {};
  const state = STATES[args.type];
  if (state === undefined) throw new Error(`No mock state for ${args.type}`);
  return state({ name: args.name, inputs: args.inputs, region });
}

/**
 * The answers of functions of a provider for a region.
 *
 * @param registryUrl What ECR says its address is.
 */
export function answerCall(
  { token }: Pick<MockCallArgs, "token">,
  region: string,
  registryUrl = `https://${registryIn(region)}`,
): MockCallResult {
  switch (token) {
    case "aws:ecr/getAuthorizationToken:getAuthorizationToken":
      return { userName: "AWS", password: "registry-password", proxyEndpoint: registryUrl };
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/somebody`, userId: "somebody", id: ACCOUNT };
    case "aws:index/getRegion:getRegion":
      return { region, id: region, name: region };
    case "pulumi:pulumi:readStackOutputs":
      return { outputs: {} };
    default:
      throw new Error(`No mock answer for ${token}`);
  }
}
