import assert from "node:assert/strict";
import { UnknownValueError } from "@pulumi/policy";
import { actingPolicy, readingPolicy } from "../../../../components/aws/iam";
import { coordinatorPolicy, workerClustersPolicy, workerPolicy } from "../../../../components/aws/sweep-policies";
import { launchPattern } from "../../../../components/detector/launch-pattern";
import { roleWildcards } from "../../../../policy/policies/role-wildcards";
import { verifierComplete } from "../../../../policy/policies/verifier-complete";
import { verifierResources } from "../../../../policy/policies/verifier-resources";
import { verifierRole } from "../../../../policy/policies/verifier-role";
import { expandTrustDocument, parseTrustDocument } from "../../../../trust/index";
import { digest, registry, stackViolationsOf, trust, unknownText, validate, violationsOf } from "../arguments";

const verifier = ["ecs-image-verification:components:VerifierFunction"];
const detector = ["ecs-image-verification:components:LaunchDetector"];
const sweep = ["Sweep", "SweepWorker"].map((name) => `ecs-image-verification:components:${name}`);
const lambda = "aws:lambda/function:Function";
const rule = "aws:cloudwatch/eventRule:EventRule";

describe("policy verifier-resources", () => {
  const policy = verifierResources();
  const good = { imageUri: `${registry}/verifier@${digest}`, reservedConcurrentExecutions: 10 };

  it("passes what our own components make", async () => {
    assert.deepEqual(await violationsOf(policy, { type: lambda, parents: verifier, props: good }), []);
    const props = { eventPattern: launchPattern(["arn:aws:ecs:eu-west-1:111122223333:cluster/web"]) };
    assert.deepEqual(await violationsOf(policy, { type: rule, parents: detector, props }), []);
  });

  it("leaves the resources of others and of the sample alone", async () => {
    const type = "aws:cloudwatch/logGroup:LogGroup";
    const parents = ["ImageVerification", "SampleWorkload"].map((name) => `ecs-image-verification:components:${name}`);
    assert.deepEqual(await violationsOf(policy, { type, parents }), []);
    assert.deepEqual(await violationsOf(policy, { type: lambda, props: { imageUri: "a:b" } }), []);
  });

  it("asks the functions of a gate for a digest, and the one that ECS invokes for reserved concurrency", async () => {
    const parents = ["ecs-image-verification:components:DeploymentGate"];
    const given = (command: string) => ({
      type: lambda,
      parents,
      props: { imageUri: `${registry}/verifier:v1`, imageConfig: { commands: [command] } },
    });
    assert.match((await violationsOf(policy, given("deployment.handler"))).join(), /no digest.*no reserved/);
    assert.equal((await violationsOf(policy, given("keeper.handler"))).length, 1);
    const target = { type: "aws:cloudwatch/eventTarget:EventTarget", parents };
    assert.deepEqual(await violationsOf(policy, target), []);
  });

  it("asks the functions of a sweep for a digest, which can wait for concurrency, and its schedule for being on", async () => {
    const given = { type: lambda, parents: sweep, props: { imageUri: `${registry}/verifier:v1` } };
    const violations = await violationsOf(policy, given);
    assert.equal(violations.length, 1);
    assert.match(violations.join(), /no digest/);
    assert.deepEqual(await violationsOf(policy, { ...given, props: { imageUri: good.imageUri } }), []);
    const schedule = (props: Record<string, unknown>) => ({
      type: "aws:scheduler/schedule:Schedule",
      parents: sweep,
      props,
    });
    assert.deepEqual(await violationsOf(policy, schedule({ scheduleExpression: "rate(6 hours)" })), []);
    assert.match((await violationsOf(policy, schedule({ state: "DISABLED" }))).join(), /nothing that runs is judged/);
  });

  for (const [part, what] of [
    ["OrderWatch", "the schedule that looks for ended exemptions"],
    ["Canary", "the schedule of the canary"],
    ["ChangeAlarms", "the messages about changes, beside which an alarm rings"],
  ] as const) {
    it(`asks for no queue behind ${what}: no launch is lost with it`, async () => {
      const type = "aws:cloudwatch/eventTarget:EventTarget";
      const parents = ["ImageVerification", part].map((name) => `ecs-image-verification:components:${name}`);
      assert.deepEqual(await violationsOf(policy, { type, parents }), []);
    });
  }

  it("asks the function of the canary for a digest, its log for a retention, and for no reserved concurrency", async () => {
    const parents = ["ImageVerification", "Canary"].map((name) => `ecs-image-verification:components:${name}`);

    assert.deepEqual(await violationsOf(policy, { type: lambda, parents, props: { imageUri: good.imageUri } }), []);
    const byTag = await violationsOf(policy, { type: lambda, parents, props: { imageUri: `${registry}/verifier:v1` } });
    assert.match(byTag.join(), /no digest/);
    const type = "aws:cloudwatch/logGroup:LogGroup";
    assert.match((await violationsOf(policy, { type, parents })).join(), /no retentionInDays/);
  });

  it("refuses a function by tag or without reserved concurrency", async () => {
    const given = { type: lambda, parents: verifier, props: { imageUri: `${registry}/verifier:v1` } };
    const violations = await violationsOf(policy, given);
    assert.match(violations[0] ?? "", /no digest/);
    assert.match(violations[1] ?? "", /no reservedConcurrentExecutions/);
    assert.match((await violationsOf(policy, { ...given, props: { ...good, imageUri: "x:y:z" } })).join(), /no digest/);
  });

  it("asks for no reserved concurrency where the configuration does without, and for all else as before", async () => {
    const config = { reservedConcurrency: false };
    const given = { type: lambda, parents: verifier, props: { imageUri: `${registry}/verifier:v1` }, config };
    const violations = await violationsOf(policy, given);
    assert.equal(violations.length, 1);
    assert.match(violations.join(), /no digest/);
    assert.match((await violationsOf(policy, { ...given, config: { reserved: false } })).join(), /reserved/);
  });

  it("reports what is known beside an unknown image", async () => {
    const violations: string[] = [];
    const given = { type: lambda, parents: verifier, props: { imageUri: unknownText } };
    await assert.rejects(validate(policy, given, violations), UnknownValueError);
    assert.match(violations.join(), /no reservedConcurrentExecutions/);
  });

  for (const [type, parents, message] of [
    ["aws:cloudwatch/logGroup:LogGroup", verifier, /no retentionInDays/],
    ["aws:cloudwatch/eventTarget:EventTarget", detector, /no deadLetterConfig/],
    ["aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", verifier, /no destinationConfig.onFailure/],
  ] as const) {
    it(`refuses ${type} with nothing set`, async () => {
      assert.match((await violationsOf(policy, { type, parents })).join(), message);
    });
  }

  it("names the launches that a rule leaves out", async () => {
    const pattern = JSON.parse(launchPattern(undefined));
    const check = (detail: object, props: object = {}) =>
      violationsOf(policy, {
        type: rule,
        parents: detector,
        props: { eventPattern: JSON.stringify({ ...pattern, detail: { ...pattern.detail, ...detail } }), ...props },
      });
    const missing = (violations: readonly string[]) =>
      violations.map((one) => /the lastStatus ([A-Z, ]+)\. Needed/.exec(one)?.[1]);
    const [launching, ended] = pattern.detail.$or;
    assert.deepEqual(missing(await check({ $or: [launching] })), ["STOPPED"]);
    assert.deepEqual(missing(await check({ $or: [ended] })), ["PROVISIONING, PENDING, ACTIVATING, RUNNING"]);
    assert.deepEqual(missing(await check({ $or: [{ lastStatus: ["PROVISIONING", "STOPPED"] }] })), [
      "PENDING, ACTIVATING, RUNNING",
    ]);
    assert.deepEqual(missing(await check({ desiredStatus: ["RUNNING"] })), ["STOPPED"]);
    assert.deepEqual(await check({ $or: undefined }), []);
    assert.match((await check({ launchType: ["FARGATE"] })).join(), /excludes launches by launchType/);
    const narrow = [launching, { ...ended, stopCode: ["UserInitiated"] }];
    assert.match((await check({ $or: narrow })).join(), /excludes launches by stopCode/);
    assert.match((await check({}, { state: "DISABLED" })).join(), /disabled/);
    assert.match((await check({}, { eventPattern: "{" })).join(), /does not match launches/);
  });
});

describe("policy verifier-role", () => {
  const type = "aws:iam/policy:Policy";
  const login = {
    host: "ghcr.io",
    credentials: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:registries/ghcr-a1B2c3",
  };
  const document = parseTrustDocument({ ...trust(), registries: ["self", login] });
  const resolved = expandTrustDocument(document, {
    account: "111122223333",
    region: "eu-west-1",
    signingProfileArn: "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release",
  });
  const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:111122223333:${name}`;
  const permissions = {
    trust: resolved,
    mode: "enforce",
    ledgerArn: arn("dynamodb", "table/ledger"),
    eventBusArn: arn("events", "event-bus/default"),
    topicArn: arn("sns", "topic"),
    failureQueueArn: arn("sqs", "failures"),
    postponedQueueArn: arn("sqs", "postponed"),
    logGroupArn: arn("logs", "log-group:verifier"),
    environment: "prod",
    ordersTableArn: arn("dynamodb", "table/orders"),
    ordersKeyArn: arn("kms", "key/0d990263-018e-4e65-a703-eff731de951e"),
  } as const;
  const sweepArns = {
    functionArn: arn("lambda", "function:ecs-image-verification-sweep-prod"),
    queueArn: arn("sqs", "images"),
    deadLetterQueueArn: arn("sqs", "dead-letters"),
  };
  const allow = (Action: unknown, Resource: unknown) =>
    JSON.stringify({ Version: "2012-10-17", Statement: { Sid: "It", Effect: "Allow", Action, Resource } });

  it("passes the policies that our own component makes", async () => {
    const own = [readingPolicy(permissions), actingPolicy(permissions)].map((policy) => JSON.stringify(policy));
    assert.ok(own.join().includes("secretsmanager:GetSecretValue"));
    for (const policy of own) {
      assert.deepEqual(await violationsOf(verifierRole(), { type, parents: verifier, props: { policy } }), []);
    }
  });

  it("passes the policies of our own sweep, and lets only its roles read what runs", async () => {
    const own = [
      coordinatorPolicy({ ...permissions, ...sweepArns }),
      workerPolicy({ ...permissions, ...sweepArns }),
      workerClustersPolicy(permissions),
    ].map((policy) => JSON.stringify(policy));
    for (const policy of own) {
      assert.deepEqual(await violationsOf(verifierRole(), { type, parents: sweep, props: { policy } }), []);
    }
    const reading = { type, props: { policy: allow("ecs:ListTasks", "*") } };
    assert.equal((await violationsOf(verifierRole(), { ...reading, parents: verifier })).length, 1);
    const stopping = { type, parents: sweep, props: { policy: allow("ecs:StopTask", "*") } };
    assert.match((await violationsOf(verifierRole(), stopping)).join(), /ecs:StopTask on \*/);
  });

  it("refuses wildcards in actions, resources, accounts and regions", () => {
    assert.match(roleWildcards(allow("ecr:*", "*")).join(), /It allows ecr:\*. List each/);
    assert.match(roleWildcards(allow(["sns:Publish"], ["*"])).join(), /sns:Publish on \*/);
    assert.deepEqual(roleWildcards(allow("signer:GetRevocationStatus", "*")), []);
    assert.match(roleWildcards(allow("signer:GetRevocationStatus", arn("signer", "*"))).join(), /which is more/);
    assert.match(roleWildcards(allow("signer:Get*", "*")).join(), /It allows signer:Get\*\. List each/);
    for (const action of ["signer:SignPayload", "signer:RevokeSignature", "sqs:ReceiveMessage"]) {
      assert.equal(roleWildcards(allow(action, "*")).length, 1, action);
    }
    assert.equal(roleWildcards(allow("ecs:StopTask", "arn:aws:ecs:*:111122223333:task/*")).length, 1);
    assert.equal(roleWildcards(allow("sns:Publish", arn("sns", "*"))).length, 1);
    assert.equal(
      roleWildcards(allow("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:ghcr*"))).length,
      1,
    );
    assert.match(roleWildcards(allow(undefined, "*")).join(), /does not list what it allows/);
    assert.match(roleWildcards("{").join(), /cannot be read/);
  });

  it("takes further wildcards from the configuration, exactly as written", async () => {
    const props = { policy: allow("ecs:ListTasks", "*") };
    const given = { type, parents: verifier, props };
    assert.equal((await violationsOf(verifierRole(), given)).length, 1);
    const config = { allowed: { "ecs:ListTasks": ["*"] } };
    assert.deepEqual(await violationsOf(verifierRole(), { ...given, config }), []);
  });

  it("passes the attachment of a policy beside it, and of no other", async () => {
    const violations = (policyArn: string) =>
      violationsOf(verifierRole(), {
        type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        name: "app-reading-attachment",
        parents: verifier,
        props: { policyArn },
      });

    assert.deepEqual(await violations("arn:aws:iam::111122223333:policy/app-reading-1a2b3c4"), []);
    for (const other of ["111122223333:policy/app-acting-1a2b3c4", "aws:policy/app-reading-1a2b3c4"]) {
      assert.match((await violations(`arn:aws:iam::${other}`)).join(), /can change without this program/);
    }
  });

  it("refuses attached policies, which nobody sees through", async () => {
    const policyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
    const attached = { type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", props: { policyArn } };
    assert.match(
      (await violationsOf(verifierRole(), { ...attached, parents: verifier })).join(),
      /AdministratorAccess/,
    );
    const role = { type: "aws:iam/role:Role", props: { managedPolicyArns: [policyArn] } };
    assert.match((await violationsOf(verifierRole(), { ...role, parents: verifier })).join(), /AdministratorAccess/);
    assert.deepEqual(await violationsOf(verifierRole(), attached), []);
  });

  it("lets an unknown policy through to the server", async () => {
    const given = { type, parents: verifier, props: { policy: unknownText } };
    await assert.rejects(violationsOf(verifierRole(), given), UnknownValueError);
  });
});

describe("policy verifier-complete", () => {
  const parent = "ecs-image-verification:components:LaunchDetector";

  it("passes a component with all its parts, also with unknown values", async () => {
    const parts = ["aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"];
    const children = parts.map((type) => ({ type, parents: [parent], props: { arn: unknownText } }));
    assert.deepEqual(await stackViolationsOf(verifierComplete(), [{ type: parent }, ...children]), []);
    assert.deepEqual(await stackViolationsOf(verifierComplete(), []), []);
  });

  it("asks a sweep for its schedule, and its functions for what brings them their work", async () => {
    const components = ["Sweep", "SweepCoordinator", "SweepWorker"];
    const empty = components.map((name) => ({ type: `ecs-image-verification:components:${name}`, name }));

    const violations = await stackViolationsOf(verifierComplete(), empty);

    assert.deepEqual(
      violations.map(({ urn = "", message }) => [urn.split("::").at(-1), /\((aws:[^)]+)\)/.exec(message)?.[1]]),
      [
        ["Sweep", "aws:scheduler/schedule:Schedule"],
        ["Sweep", "aws:cloudwatch/logGroup:LogGroup"],
        ["SweepCoordinator", "aws:lambda/function:Function"],
        ["SweepCoordinator", "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"],
        ["SweepWorker", "aws:lambda/function:Function"],
        ["SweepWorker", "aws:lambda/eventSourceMapping:EventSourceMapping"],
      ],
    );
  });

  it("names each part that is missing, and the component", async () => {
    const violations = await stackViolationsOf(verifierComplete(), [{ type: parent, name: "watch" }]);
    assert.equal(violations.length, 2);
    assert.match(violations[1]?.message ?? "", /lacks a target with a dead-letter queue/);
    assert.match(violations[1]?.urn ?? "", /::watch$/);
  });
});
