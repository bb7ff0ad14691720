import type { MockCallArgs, MockCallResult, MockResourceArgs } from "@pulumi/pulumi/runtime";

export const ACCOUNT = "111122223333";
export const REGION = "eu-west-1";
export const REGISTRY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
export const DIGEST = `sha256:${"d".repeat(64)}`;

type State = Readonly<Record<string, unknown>>;

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

/** What AWS makes up for a resource, by type: `name` and ARN above all. */
const STATES: Readonly<Record<string, (args: MockResourceArgs) => State>> = {
  "aws:signer/signingProfile:SigningProfile": ({ name }) => {
    const profile = name.replace(/[^A-Za-z0-9]/g, "_");
    return {
      name: profile,
      arn: arn("signer", `/signing-profiles/${profile}`),
      versionArn: arn("signer", `/signing-profiles/${profile}/Ab3dEf6hIj`),
    };
  },
  "aws:signer/signingProfilePermission:SigningProfilePermission": () => ({}),
  "aws:ecr/repository:Repository": ({ name }) => ({
    name,
    arn: arn("ecr", `repository/${name}`),
    registryId: ACCOUNT,
    repositoryUrl: `${REGISTRY}/${name}`,
  }),
  "aws:ecr/repositoryPolicy:RepositoryPolicy": () => ({}),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": () => ({}),
  "aws:cloudwatch/logGroup:LogGroup": ({ name }) => ({ name, arn: arn("logs", `log-group:${name}`) }),
  "aws:cloudwatch/eventRule:EventRule": ({ name }) => ({ name, arn: arn("events", `rule/${name}`) }),
  "aws:cloudwatch/eventTarget:EventTarget": () => ({}),
  "aws:cloudwatch/eventConnection:EventConnection": ({ name }) => ({
    name,
    arn: arn("events", `connection/${name}/1`),
  }),
  "aws:cloudwatch/eventApiDestination:EventApiDestination": ({ name }) => ({
    name,
    arn: arn("events", `api-destination/${name}/1`),
  }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": ({ name }) => ({ name, arn: arn("cloudwatch", `alarm:${name}`) }),
  "aws:iam/role:Role": ({ name }) => ({ name, arn: `arn:aws:iam::${ACCOUNT}:role/${name}` }),
  "aws:iam/policy:Policy": ({ name }) => ({ name, arn: `arn:aws:iam::${ACCOUNT}:policy/${name}` }),
  "aws:iam/rolePolicy:RolePolicy": () => ({}),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": () => ({}),
  "aws:lambda/function:Function": ({ name }) => ({ name, arn: arn("lambda", `function:${name}`) }),
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": () => ({}),
  "aws:lambda/eventSourceMapping:EventSourceMapping": () => ({}),
  "aws:lambda/invocation:Invocation": () => ({ result: '{"warnings":[]}' }),
  "aws:lambda/permission:Permission": () => ({}),
  "aws:dynamodb/table:Table": ({ name }) => ({ name, arn: arn("dynamodb", `table/${name}`) }),
  "aws:sns/topic:Topic": ({ name }) => ({ name, arn: arn("sns", name) }),
  "aws:sns/topicPolicy:TopicPolicy": () => ({}),
  "aws:sns/topicSubscription:TopicSubscription": () => ({ pendingConfirmation: true }),
  "aws:sqs/queue:Queue": ({ name }) => ({
    name,
    arn: arn("sqs", name),
    url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`,
  }),
  "aws:sqs/queuePolicy:QueuePolicy": () => ({}),
  "awsx:ecs:FargateTaskDefinition": ({ name }) => ({
    taskDefinition: { arn: arn("ecs", `task-definition/${name}:1`) },
  }),
  "command:local:Command": ({ name }) => ({ stdout: commandOutput(name) }),
  "docker:index/image:Image": ({ inputs }) => ({ repoDigest: `${String(inputs.imageName).split(":")[0]}@${DIGEST}` }),
};

function commandOutput(name: string): string {
  return name.endsWith("-copy") ? `${REGISTRY}/${name.replace("-copy", "-repository")}@${DIGEST}` : "{}";
}

/** The state of a resource after it was made. Throws for a type that nobody has thought of. */
export function stateOf(args: MockResourceArgs): State {
  if (args.custom === false && !args.type.startsWith("awsx:")) return {};
  const state = STATES[args.type];
  if (state === undefined) throw new Error(`No mock state for ${args.type}`);
  return state(args);
}

/**
 * The answers of functions of providers.
 *
 * @param registryUrl What ECR says its address is.
 */
export function answerCall({ token }: MockCallArgs, registryUrl = `https://${REGISTRY}`): MockCallResult {
  switch (token) {
    case "aws:ecr/getAuthorizationToken:getAuthorizationToken":
      return { userName: "AWS", password: "registry-password", proxyEndpoint: registryUrl };
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/somebody`, userId: "somebody", id: ACCOUNT };
    case "pulumi:pulumi:readStackOutputs":
      return { outputs: {} };
    default:
      throw new Error(`No mock answer for ${token}`);
  }
}
