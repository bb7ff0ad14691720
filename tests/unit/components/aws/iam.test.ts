import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { canaryPolicy } from "../../../../components/aws/canary-policy";
import { gatePolicy, keeperPolicy } from "../../../../components/aws/gate-policies";
import {
  actingPolicy,
  type PolicyStatement,
  readingPolicy,
  type VerifierPermissions,
} from "../../../../components/aws/iam";
import { POLICY_LIMIT, policySize, rolePolicyText } from "../../../../components/aws/policy-size";
import { readRunning } from "../../../../components/aws/running-policies";
import { coordinatorPolicy, workerClustersPolicy, workerPolicy } from "../../../../components/aws/sweep-policies";
import { launchPattern, PATTERN_LIMIT } from "../../../../components/detector/launch-pattern";
import { parseTrustDocument } from "../../../../trust/document";
import { expandTrustDocument } from "../../../../trust/expand";

const ACCOUNT = "111122223333";
const REGION = "eu-west-1";
const OWN = `arn:aws:signer:${REGION}:${ACCOUNT}:/signing-profiles/own`;
const OTHER = "arn:aws:signer:eu-central-1:444455556666:/signing-profiles/payments";
const SECRET = `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:registries/login-a1B2c3`;
const CLUSTERS = ["web", "jobs"].map((name) => `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/${name}`);

function trustOf(
  repositories: readonly string[],
  identities: readonly string[],
  registries: readonly unknown[] = ["self"],
) {
  const document = parseTrustDocument({ registries, statements: [{ name: "release", repositories, identities }] });
  return expandTrustDocument(document, { account: ACCOUNT, region: REGION, signingProfileArn: OWN });
}

function permissions(changes: Partial<VerifierPermissions> = {}): VerifierPermissions {
  return {
    trust: trustOf(["self/team/app"], ["self"]),
    mode: "audit",
    ledgerArn: "arn:ledger",
    eventBusArn: "arn:bus",
    topicArn: "arn:topic",
    failureQueueArn: "arn:queue",
    postponedQueueArn: "arn:postponed",
    logGroupArn: "arn:log",
    environment: "prod",
    ordersTableArn: "arn:orders",
    ordersKeyArn: "arn:key",
    ...changes,
  };
}

/** The statements of both policies. */
function statements(known: VerifierPermissions): readonly PolicyStatement[] {
  return [...readingPolicy(known).Statement, ...actingPolicy(known).Statement];
}

const allow = (Sid: string, Action: string[], Resource: string[]) => ({ Sid, Effect: "Allow", Action, Resource });

const AUDIT = [
  allow("GetRegistryCredentials", ["ecr:GetAuthorizationToken"], ["*"]),
  allow(
    "ReadSignatures",
    ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:DescribeImageSigningStatus"],
    [`arn:aws:ecr:${REGION}:${ACCOUNT}:repository/team/app`],
  ),
  allow("AskRevocation", ["signer:GetRevocationStatus"], ["*"]),
  allow("TellAddedContainers", ["ecs:DescribeTaskDefinition"], ["*"]),
];

const RECORDS = [
  allow("UseLedger", ["dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:Query"], ["arn:ledger"]),
  allow("ReadOrders", ["dynamodb:Query"], ["arn:orders"]),
  {
    ...allow("CheckOrders", ["kms:Decrypt"], ["arn:key"]),
    Condition: { StringEquals: { "kms:EncryptionContext:environment": "prod" } },
  },
  allow("PutVerdicts", ["events:PutEvents"], ["arn:bus"]),
  allow("Notify", ["sns:Publish"], ["arn:topic"]),
  allow("KeepFailures", ["sqs:SendMessage"], ["arn:queue"]),
  allow("TakePostponedStops", ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], ["arn:postponed"]),
  allow("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], ["arn:log:log-stream:*"]),
];

const STOP = allow(
  "StopAndRollBack",
  [
    "ecs:StopTask",
    "ecs:ListServiceDeployments",
    "ecs:DescribeServiceDeployments",
    "ecs:DescribeServiceRevisions",
    "ecs:StopServiceDeployment",
  ],
  ["service-deployment", "service-revision", "service", "task"].map(
    (kind) => `arn:aws:ecs:${REGION}:${ACCOUNT}:${kind}/*`,
  ),
);

describe("the policies of the verifier's function", () => {
  it("reads, asks and records in audit, and stops nothing", () => {
    assert.deepEqual(readingPolicy(permissions()), { Version: "2012-10-17", Statement: AUDIT });
    assert.deepEqual(actingPolicy(permissions()), { Version: "2012-10-17", Statement: RECORDS });
  });

  it("stops tasks and deployments of the listed clusters, in enforce only", () => {
    const policy = statements(permissions({ mode: "enforce", clusters: CLUSTERS }));

    assert.deepEqual(policy, [
      ...AUDIT,
      { ...STOP, Condition: { ArnEquals: { "ecs:cluster": CLUSTERS } } },
      allow("PostponeStops", ["sqs:SendMessage"], ["arn:postponed"]),
      ...RECORDS,
    ]);
  });

  it("stops in every cluster of this account and region when none is listed", () => {
    const policy = statements(permissions({ mode: "enforce" }));

    assert.deepEqual(
      policy.find(({ Sid }) => Sid === STOP.Sid),
      STOP,
    );
  });

  it("sends findings as the account's own product, only where the environment makes them", () => {
    const importing = (findings?: boolean) =>
      actingPolicy(permissions({ findings })).Statement.filter(({ Sid }) => Sid === "ImportFindings");

    const product = `arn:aws:securityhub:${REGION}:${ACCOUNT}:product/${ACCOUNT}/default`;
    assert.deepEqual(importing(true), [allow("ImportFindings", ["securityhub:BatchImportFindings"], [product])]);
    assert.deepEqual([...importing(), ...importing(false)], []);
  });

  it("stays below IAM's limit with as many clusters as an event pattern takes", () => {
    const clusters = Array.from({ length: 35 }, (_, index) => `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/c${index}`);
    assert.ok(launchPattern(clusters).length <= PATTERN_LIMIT);

    assert.ok(policySize(actingPolicy(permissions({ mode: "enforce", clusters, findings: true }))) < POLICY_LIMIT);
  });

  it("is refused when it is more than IAM allows, with what to shorten", () => {
    const names = Array.from({ length: 150 }, (_, index) => `self/team/application-${index}`);

    const policy = readingPolicy(permissions({ trust: trustOf(names, ["self"]) }));

    assert.throws(() => rolePolicyText(policy), {
      name: "PolicyTooLargeError",
      message:
        /^A policy of the verifier's role has \d+ characters; IAM allows 6144; 150 repositories of ECR take \d+\. List fewer: /,
    });
  });

  it("asks Signer about whatever a signature names, as AWS's own policy for verifying does", () => {
    const trust = trustOf(["self/team/app"], ["self", `${OTHER}/Ab3dEf6hIj`]);

    const policy = statements(permissions({ trust }));

    assert.deepEqual(
      policy.filter(({ Action }) => Action.some((action) => action.startsWith("signer:"))),
      [allow("AskRevocation", ["signer:GetRevocationStatus"], ["*"])],
    );
  });

  it("has nothing to do with ECR when no registry is one", () => {
    const trust = trustOf(["ghcr.io/team/app"], ["self"], ["ghcr.io"]);

    const policy = statements(permissions({ trust }));

    assert.deepEqual(
      policy.filter(({ Action }) => Action.some((action) => action.startsWith("ecr:"))),
      [],
    );
  });

  it("reads exactly the secrets with the registries' logins, each once", () => {
    const hub = { host: "docker.io", credentials: SECRET, tokenServer: "auth.docker.io" };
    const trust = trustOf(["*"], ["self"], ["self", { host: "ghcr.io", credentials: SECRET }, hub]);

    const policy = statements(permissions({ trust }));

    assert.deepEqual(
      policy.filter(({ Action }) => Action.some((action) => action.startsWith("secretsmanager:"))),
      [allow("ReadRegistryLogins", ["secretsmanager:GetSecretValue"], [SECRET])],
    );
  });

  it("says of GovCloud what it says of the commercial partition", () => {
    const document = parseTrustDocument({
      registries: ["self"],
      statements: [{ name: "release", repositories: ["*"], identities: ["self"] }],
    });
    const profile = "arn:aws-us-gov:signer:us-gov-west-1:111122223333:/signing-profiles/own";
    const place = { account: ACCOUNT, region: "us-gov-west-1", signingProfileArn: profile };

    const policy = statements(permissions({ mode: "enforce", trust: expandTrustDocument(document, place) }));

    const arns = policy.flatMap(({ Resource = [] }) => Resource).filter((arn) => /:(ecs|ecr):/.test(arn));
    assert.deepEqual(
      arns.filter((arn) => !arn.startsWith("arn:aws-us-gov:")),
      [],
    );
    assert.equal(arns.length, 5);
  });
});

/** The whole of what the services leave no choice about, and of what AWS itself allows on everything, by action. */
const FORCED_STAR = new Set(["ecr:GetAuthorizationToken", "ecs:DescribeTaskDefinition", "signer:GetRevocationStatus"]);

/** Everything that the code calls, and what Lambda does in its name with the queue of postponed stops. */
const ACTIONS = new Set([
  "ecr:GetAuthorizationToken",
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
  "ecr:DescribeImageSigningStatus",
  "secretsmanager:GetSecretValue",
  "signer:GetRevocationStatus",
  "ecs:DescribeTaskDefinition",
  "ecs:StopTask",
  "ecs:ListServiceDeployments",
  "ecs:DescribeServiceDeployments",
  "ecs:DescribeServiceRevisions",
  "ecs:StopServiceDeployment",
  "dynamodb:UpdateItem",
  "dynamodb:DeleteItem",
  "dynamodb:Query",
  "kms:Decrypt",
  "events:PutEvents",
  "sns:Publish",
  "sqs:SendMessage",
  "sqs:ReceiveMessage",
  "sqs:DeleteMessage",
  "sqs:GetQueueAttributes",
  "logs:CreateLogStream",
  "logs:PutLogEvents",
]);

describe("no action or resource is wider than it must be", () => {
  const documents: ReadonlyMap<string, readonly PolicyStatement[]> = new Map([
    ["audit", statements(permissions())],
    ["enforce", statements(permissions({ mode: "enforce" }))],
    ["enforce, listed clusters", statements(permissions({ mode: "enforce", clusters: CLUSTERS }))],
    ["every repository", statements(permissions({ trust: trustOf(["*"], ["self"]) }))],
    [
      "a login",
      statements(permissions({ trust: trustOf(["*"], ["self"], ["self", { host: "ghcr.io", credentials: SECRET }]) })),
    ],
  ]);
  for (const [title, allowed] of documents) {
    it(title, () => {
      for (const { Effect, Action, Resource = [] } of allowed) {
        assert.equal(Effect, "Allow");
        assert.ok(Action.length > 0 && Resource.length > 0);
        for (const action of Action) {
          assert.ok(ACTIONS.has(action), action);
          // A star is the service's doing, or stands behind everything that is known beforehand.
          const narrow = Resource.every((arn) =>
            arn === "*" ? FORCED_STAR.has(action) : /^[^*]+[/:][^*]*\*?$/.test(arn),
          );
          assert.ok(narrow, `${action} on ${Resource.join(", ")}`);
        }
      }
    });
  }
});

/** How IAM calls the services of the SDK's clients. */
const PREFIXES: Readonly<Record<string, string>> = {
  cloudtrail: "cloudtrail",
  dynamodb: "dynamodb",
  ecr: "ecr",
  ecs: "ecs",
  eventbridge: "events",
  kms: "kms",
  lambda: "lambda",
  "secrets-manager": "secretsmanager",
  securityhub: "securityhub",
  sns: "sns",
  sqs: "sqs",
};

/** Calls that are allowed by the action of another name: a transaction by those of its writes (DynamoDB, IAM), a batch by that of one (SQS). */
const ALLOWED_BY: Readonly<Record<string, string>> = {
  "dynamodb:TransactWriteItems": "dynamodb:UpdateItem",
  "lambda:Invoke": "lambda:InvokeFunction",
  "sqs:SendMessageBatch": "sqs:SendMessage",
};

it("every call to AWS in the verifier's code is allowed", () => {
  const folder = join(__dirname, "../../../../verifier/src");
  const calls = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .flatMap((source) =>
      [...source.matchAll(/^import \{([^}]*)\} from "@aws-sdk\/client-([a-z-]+)"/gm)].flatMap(
        ([, imported = "", client = ""]) =>
          [...imported.matchAll(/\b(?:(\w+)Command|paginate(\w+))\b/g)].map(
            ([, call, paged]) => `${PREFIXES[client]}:${call ?? paged}`,
          ),
      ),
    )
    .map((call) => ALLOWED_BY[call] ?? call);
  const trust = trustOf(["*"], ["self"], ["self", { host: "ghcr.io", credentials: SECRET }]);
  const place = { partition: "aws", region: REGION, account: ACCOUNT };
  const arns = { gateArn: "arn:gate", invokerRoleArn: "arn:invoker" };
  const sweep = { functionArn: "arn:sweep", queueArn: "arn:images", deadLetterQueueArn: "arn:dead-letters" };
  const canary = { clusterArn: "arn:cluster", taskDefinitionArn: "arn:task-definition", executionRoleArn: "arn:role" };
  const allowed = [
    ...statements(permissions({ mode: "enforce", trust, findings: true })),
    ...gatePolicy({ ...permissions(), place, readsTags: true }).Statement,
    ...keeperPolicy({ ...permissions(), ...arns, place, attach: "all", services: [] }).Statement,
    readRunning({ everyCluster: true }),
    ...coordinatorPolicy({ ...permissions(), ...sweep }).Statement,
    ...workerPolicy({ ...permissions(), ...sweep }).Statement,
    ...workerClustersPolicy({ trust, mode: "enforce" }).Statement,
    ...canaryPolicy({ ...permissions(), ...canary }).Statement,
  ].flatMap(({ Action }) => Action);

  assert.deepEqual(
    calls.filter((call) => !allowed.includes(call)),
    [],
  );
  assert.ok(calls.length > 10);
});
