import { type EcrRegistry, ecrRegistries, ecrRepositoryArns, readRegistries } from "../../trust/derive";
import type { ResolvedTrustDocument } from "../../trust/expand";
import { productArn } from "../../verifier/src/findings/finding-body";

/** One statement of an IAM policy. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  /** Only in resource policies and trust policies. */
  readonly Principal?: "*" | { readonly Service: string } | { readonly AWS: readonly string[] };
  readonly Action: readonly string[];
  /** Not in a role's trust policy. */
  readonly Resource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** An IAM policy document. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

/** The facts that decide the permissions of the verifier's function. */
export interface VerifierPermissions {
  readonly trust: ResolvedTrustDocument;
  /** Only `enforce` may stop tasks and deployments. */
  readonly mode: "audit" | "enforce";
  /** ARNs of the watched clusters; every cluster of the account and region if undefined. */
  readonly clusters?: readonly string[] | undefined;
  readonly ledgerArn: string;
  readonly eventBusArn: string;
  readonly topicArn: string;
  readonly failureQueueArn: string;
  /** The queue in which stops over budget wait. */
  readonly postponedQueueArn: string;
  readonly logGroupArn: string;
  /** Name of the environment. */
  readonly environment: string;
  /** The table with the orders of the moment. */
  readonly ordersTableArn: string;
  /** The key that proves them. */
  readonly ordersKeyArn: string;
  /** Whether the function makes findings in Security Hub. Default: false. */
  readonly findings?: boolean | undefined;
}

/** What the verifier's function reads to judge an image: only the calls that its code makes, on the resources it needs. */
export function readingPolicy({ trust }: Pick<VerifierPermissions, "trust">): PolicyDocument {
  return policy([
    ...registryStatements(trust),
    ...loginStatements(trust),
    // On `*`, like AWS's own policy for verifying (Signer developer guide, "Prerequisites for signing container images").
    // The service authorization reference lists signing profiles and jobs as resources, but the call names a profile
    // version and certificates. No narrower policy is confirmed to work, and a wrong one would leave every image
    // inconclusive. The call only reads revocation status.
    allow("AskRevocation", ["signer:GetRevocationStatus"], ["*"]),
    // The action has no resource-level permissions (service authorization reference, Amazon ECS).
    allow("TellAddedContainers", ["ecs:DescribeTaskDefinition"], ["*"]),
  ]);
}

/** What the verifier's function does with a verdict: read the orders that change it, stop, record and notify, nothing else. */
export function actingPolicy(permissions: VerifierPermissions): PolicyDocument {
  const { mode, failureQueueArn, postponedQueueArn, logGroupArn, findings = false } = permissions;
  return policy([
    ...(mode === "enforce" ? enforcementStatements(permissions) : []),
    ...recordingStatements(permissions),
    ...(findings ? [importFindings(productArn(permissions))] : []),
    allow("KeepFailures", ["sqs:SendMessage"], [failureQueueArn]),
    // Lambda polls the queue with the function's role (developer guide, "Using Lambda with Amazon SQS"). Needed in audit
    // too: stops that wait when an environment goes back to audit are recorded, and wait no longer.
    allow(
      "TakePostponedStops",
      ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      [postponedQueueArn],
    ),
    writeLog(logGroupArn),
  ]);
}

/** What a function needs to read the orders that change a verdict, to record it and to tell of it. */
export type RecordingPermissions = Pick<
  VerifierPermissions,
  "ledgerArn" | "eventBusArn" | "topicArn" | "environment" | "ordersTableArn" | "ordersKeyArn"
>;

/** Lets a function read the orders that change a verdict, record the verdict and tell of it. */
export function recordingStatements(permissions: RecordingPermissions): readonly PolicyStatement[] {
  const { ledgerArn, eventBusArn, topicArn, environment, ordersTableArn, ordersKeyArn } = permissions;
  return [
    useLedger(ledgerArn),
    ...readOrders({ environment, ordersTableArn, ordersKeyArn }),
    allow("PutVerdicts", ["events:PutEvents"], [eventBusArn]),
    allow("Notify", ["sns:Publish"], [topicArn]),
  ];
}

/** Lets a function read the orders of the moment, and check that they were given for its environment. */
export function readOrders({
  environment,
  ordersTableArn,
  ordersKeyArn,
}: Pick<RecordingPermissions, "environment" | "ordersTableArn" | "ordersKeyArn">): readonly PolicyStatement[] {
  return [
    allow("ReadOrders", ["dynamodb:Query"], [ordersTableArn]),
    {
      ...allow("CheckOrders", ["kms:Decrypt"], [ordersKeyArn]),
      Condition: { StringEquals: { "kms:EncryptionContext:environment": environment } },
    },
  ];
}

/** The actions of its writes allow TransactWriteItems (DynamoDB developer guide, "IAM for transactions"). */
export function useLedger(ledgerArn: string): PolicyStatement {
  return allow("UseLedger", ["dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:Query"], [ledgerArn]);
}

/**
 * Lets a function send findings as those of the account's own product. That the ARN of this product is the resource is what
 * IAM's refusals of the call name.
 */
export function importFindings(product: string): PolicyStatement {
  return allow("ImportFindings", ["securityhub:BatchImportFindings"], [product]);
}

/** A log stream's ARN is the group's ARN followed by :log-stream:NAME. */
export function writeLog(logGroupArn: string): PolicyStatement {
  return allow("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [`${logGroupArn}:log-stream:*`]);
}

function registryStatements(trust: ResolvedTrustDocument): readonly PolicyStatement[] {
  const registries: readonly EcrRegistry[] = ecrRegistries({ registries: readRegistries(trust) });
  const repositories = ecrRepositoryArns(trust);
  if (registries.length === 0) return [];
  return [
    // The action has no resource-level permissions (service authorization reference, Amazon ECR).
    allow("GetRegistryCredentials", ["ecr:GetAuthorizationToken"], ["*"]),
    // BatchGetImage also covers the referrers: there is no action for ListImageReferrers.
    // That DescribeImageSigningStatus can be allowed for single repositories is inferred (signing-status-scope).
    ...(repositories.length === 0
      ? []
      : [
          allow(
            "ReadSignatures",
            ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:DescribeImageSigningStatus"],
            repositories,
          ),
        ]),
  ];
}

/** Exactly the listed secrets. A secret under a customer managed KMS key also needs kms:Decrypt, in that key's policy. */
function loginStatements({ logins }: ResolvedTrustDocument): readonly PolicyStatement[] {
  if (logins.length === 0) return [];
  const secrets = logins.map(({ credentials }) => credentials);
  return [allow("ReadRegistryLogins", ["secretsmanager:GetSecretValue"], secrets)];
}

function enforcementStatements({
  trust,
  clusters,
  postponedQueueArn,
}: VerifierPermissions): readonly PolicyStatement[] {
  return [stopAndRollBack({ trust, clusters }), allow("PostponeStops", ["sqs:SendMessage"], [postponedQueueArn])];
}

/** Lets a function stop tasks, and roll the deployments of their services back, in every cluster or in those given. */
export function stopAndRollBack({
  trust: { partition, region, account },
  clusters,
}: Pick<VerifierPermissions, "trust" | "clusters">): PolicyStatement {
  const kinds = ["task", "service", "service-deployment", "service-revision"];
  const stop = allow(
    "StopAndRollBack",
    [
      "ecs:StopTask",
      "ecs:ListServiceDeployments",
      "ecs:DescribeServiceDeployments",
      "ecs:DescribeServiceRevisions",
      "ecs:StopServiceDeployment",
    ],
    kinds.map((kind) => `arn:${partition}:ecs:${region}:${account}:${kind}/*`),
  );
  return inClusters(stop, clusters);
}

/**
 * Narrows a statement to some clusters; as it is without any. One statement for all clusters: resources for each cluster and
 * action would soon exceed the size of a policy. The actions of ECS that are allowed in this way have the condition key
 * `ecs:cluster` on every resource that they need (service authorization reference, Amazon ECS; inferred
 * (cluster-condition-key)). A resource type that an action does not know allows nothing.
 */
export function inClusters(statement: PolicyStatement, clusters: readonly string[] | undefined): PolicyStatement {
  return clusters === undefined
    ? statement
    : { ...statement, Condition: { ArnEquals: { "ecs:cluster": [...clusters] } } };
}

/** Trust policy of a role that only one AWS service may assume; with `sourceAccount`, only on behalf of that account. */
export function assumeRolePolicy(service: string, sourceAccount?: string): PolicyDocument {
  return policy([
    {
      Sid: "AssumeRole",
      Effect: "Allow",
      Principal: { Service: service },
      Action: ["sts:AssumeRole"],
      ...(sourceAccount === undefined ? {} : { Condition: { StringEquals: { "aws:SourceAccount": sourceAccount } } }),
    },
  ]);
}

/** Lets EventBridge send events of the given rules that it could not deliver to a queue. */
export function deadLetterPolicy(queueArn: string, ruleArns: readonly string[]): PolicyDocument {
  return policy([
    {
      ...allow("KeepUndelivered", ["sqs:SendMessage"], [queueArn]),
      Principal: { Service: "events.amazonaws.com" },
      Condition: { ArnEquals: { "aws:SourceArn": [...ruleArns] } },
    },
  ]);
}

/** Lets the CloudWatch alarms of an account publish to a topic. The function's permission is in its role. */
export function topicPolicy(topicArn: string, account: string): PolicyDocument {
  return policy([
    {
      ...allow("Alarms", ["sns:Publish"], [topicArn]),
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    },
  ]);
}

/** Lets EventBridge publish to a topic, by a role that it assumes. */
export function publishPolicy(topicArn: string): PolicyDocument {
  return policy([allow("Publish", ["sns:Publish"], [topicArn])]);
}

/** Lets EventBridge call an API destination. */
export function invokeDestinationPolicy(destinationArn: string): PolicyDocument {
  return policy([allow("CallDestination", ["events:InvokeApiDestination"], [destinationArn])]);
}

/**
 * Lets Lambda functions of the repository's account and region pull from it (AWS Lambda developer guide, "Amazon ECR
 * permissions"). Otherwise Lambda adds such a statement itself when a function is created; that it finds this one and adds
 * none is inferred (lambda-repository-policy).
 */
export function functionPullPolicy(repositoryArn: string): PolicyDocument {
  const [arn, partition, , region, account] = repositoryArn.split(":");
  return policy([
    {
      Sid: "FunctionsPull",
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com" },
      Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Condition: { ArnLike: { "aws:SourceArn": `${arn}:${partition}:lambda:${region}:${account}:function:*` } },
    },
  ]);
}

/** Lets ECS pull the images of some repositories. */
export function pullPolicy(repositoryArns: readonly string[]): PolicyDocument {
  return policy([
    allow("GetRegistryCredentials", ["ecr:GetAuthorizationToken"], ["*"]),
    allow(
      "Pull",
      ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      repositoryArns,
    ),
  ]);
}

/** A policy of some statements. */
export function policy(statements: readonly PolicyStatement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

/** A statement that allows actions, each resource once. */
export function allow(sid: string, actions: readonly string[], resources: readonly string[]): PolicyStatement {
  return { Sid: sid, Effect: "Allow", Action: actions, Resource: unique(resources) };
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
