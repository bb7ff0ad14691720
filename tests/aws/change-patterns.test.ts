import assert from "node:assert/strict";
import { type ChangeFacts, type ChangeKind, changePattern } from "../../components/changes/change-patterns";
import { apiCall, CALLERS, SIGNING_ROLE, WATCHED } from "../support/api-calls";
import { useEventRuler } from "./support/event-ruler";

const [FUNCTION = "", GATE = ""] = WATCHED.functions;
const [RULE = ""] = WATCHED.rules;
const [ROLE = ""] = WATCHED.roles;
const [POLICY = ""] = WATCHED.policies;
const [LEDGER = ""] = WATCHED.tableArns;
const [QUEUE = ""] = WATCHED.queues;
const KEY_ID = WATCHED.keyArn.split("/")[1];
const FUNCTION_ARN = `arn:aws:lambda:eu-west-1:111122223333:function:${FUNCTION}`;

/** A call that changes something of each kind. */
const CHANGES: Readonly<Record<ChangeKind, readonly [service: string, name: string, parameters: object]>> = {
  functions: ["lambda", "UpdateFunctionCode20150331v2", { functionName: FUNCTION }],
  rules: ["events", "DisableRule", { name: RULE }],
  roles: ["iam", "PutRolePolicy", { roleName: ROLE, policyName: "more", policyDocument: "{}" }],
  data: ["kms", "DisableKey", { keyId: KEY_ID }],
  queues: ["sqs", "PurgeQueue", { queueUrl: `https://sqs.eu-west-1.amazonaws.com/111122223333/${QUEUE}` }],
  signing: [
    "signer",
    "SignPayload",
    { profileName: "release", payloadFormat: "application/vnd.cncf.notary.payload.v1+json" },
  ],
};
const KINDS = Object.keys(CHANGES) as readonly ChangeKind[];

describe("EventBridge's own matching of the patterns for changes", () => {
  const match = useEventRuler();
  const ask = (kind: ChangeKind, events: readonly object[], facts: ChangeFacts = WATCHED) =>
    match(events.map((event) => ({ pattern: changePattern(kind, facts), event })));

  for (const kind of KINDS) {
    it(`tells of ${kind} that root, users, services and other roles change, and not of those that may`, async () => {
      const [service, name, parameters] = CHANGES[kind];
      const callers = Object.keys(CALLERS) as readonly (keyof typeof CALLERS)[];

      const answers = await ask(
        kind,
        callers.map((caller) => apiCall(service, name, parameters, CALLERS[caller])),
      );

      const allowed = kind === "signing" ? "ci" : "deployment";
      assert.deepEqual(
        Object.fromEntries(callers.map((caller, index) => [caller, answers[index]])),
        Object.fromEntries(callers.map((caller) => [caller, caller !== allowed])),
      );
    });
  }

  it("tells of no call that failed, and of none that another service or event of AWS looks like", async () => {
    const answers = await match(
      KINDS.flatMap((kind) => {
        const [service, name, parameters] = CHANGES[kind];
        const call = apiCall(service, name, parameters);
        return [
          apiCall(service, name, parameters, CALLERS.user, { errorCode: "AccessDenied" }),
          { ...call, source: "evil.example" },
          { ...call, "detail-type": "AWS Service Event via CloudTrail" },
        ].map((event) => ({ pattern: changePattern(kind, WATCHED), event }));
      }),
    );

    assert.equal(answers.length, 3 * KINDS.length);
    assert.deepEqual(new Set(answers), new Set([false]));
  });

  const matched: readonly (readonly [ChangeKind, string, readonly object[]])[] = [
    [
      "functions",
      "by name, ARN and part of an ARN, with an alias or without, and by the id of a mapping",
      [
        apiCall("lambda", "UpdateFunctionConfiguration20150331v2", { functionName: FUNCTION_ARN }),
        apiCall("lambda", "DeleteFunction20150331", { functionName: `111122223333:function:${FUNCTION}` }),
        apiCall("lambda", "UpdateFunctionCode20150331v2", { functionName: `${FUNCTION}:$LATEST` }),
        apiCall("lambda", "AddPermission20150331v2", { functionName: FUNCTION, statementId: "s" }),
        apiCall("lambda", "AddPermission20150331v2", { functionName: `${FUNCTION_ARN.replace(FUNCTION, GATE)}:live` }),
        apiCall("lambda", "PutFunctionConcurrency20171031", {
          functionName: GATE,
          reservedConcurrentExecutions: 0,
        }),
        apiCall("lambda", "UpdateAlias20150331", { functionName: GATE, name: "live", functionVersion: "1" }),
        apiCall("lambda", "RemovePermission20150331v2", { functionName: `${GATE}:live`, statementId: "s" }),
        apiCall("lambda", "UpdateEventSourceMapping20150331", { uUID: WATCHED.mappings[0], enabled: false }),
        apiCall("lambda", "DeleteEventSourceMapping20150331", { uuid: WATCHED.mappings[0] }),
      ],
    ],
    [
      "rules",
      "themselves and their targets, and those that watch",
      [
        apiCall("events", "PutRule", { name: RULE, eventPattern: "{}" }),
        apiCall("events", "DeleteRule", { name: RULE }),
        apiCall("events", "RemoveTargets", { rule: RULE, ids: ["t"] }),
        apiCall("events", "PutTargets", { rule: RULE, targets: [{ id: "t", arn: "arn" }] }),
        apiCall("events", "DisableRule", { name: "ecs-image-verification-changes-functions-prod" }),
      ],
    ],
    [
      "roles",
      "and their policies",
      [
        apiCall("iam", "AttachRolePolicy", { roleName: ROLE, policyArn: "arn:aws:iam::aws:policy/AWSDenyAll" }),
        apiCall("iam", "DetachRolePolicy", { roleName: ROLE, policyArn: POLICY }),
        apiCall("iam", "DeleteRolePolicy", { roleName: ROLE, policyName: "p" }),
        apiCall("iam", "UpdateAssumeRolePolicy", { roleName: ROLE, policyDocument: "{}" }),
        apiCall("iam", "PutRolePermissionsBoundary", { roleName: ROLE, permissionsBoundary: "arn" }),
        apiCall("iam", "DeleteRole", { roleName: ROLE }),
        apiCall("iam", "DeleteRole", { roleName: ROLE.toUpperCase() }),
        apiCall("iam", "CreatePolicyVersion", { policyArn: POLICY.toUpperCase(), policyDocument: "{}" }),
        apiCall("iam", "CreatePolicyVersion", { policyArn: POLICY, policyDocument: "{}", setAsDefault: true }),
        apiCall("iam", "DeletePolicy", { policyArn: POLICY }),
      ],
    ],
    [
      "data",
      "by name, id and ARN",
      [
        apiCall("kms", "ScheduleKeyDeletion", { keyId: WATCHED.keyArn, pendingWindowInDays: 7 }),
        apiCall("kms", "PutKeyPolicy", { keyId: KEY_ID, policyName: "default", policy: "{}" }),
        ...["EnableKey", "CancelKeyDeletion", "DeleteImportedKeyMaterial", "RevokeGrant", "ReplicateKey"].map((name) =>
          apiCall("kms", name, { keyId: WATCHED.keyArn }),
        ),
        apiCall("kms", "UpdateAlias", { aliasName: WATCHED.keyAlias, targetKeyId: "other" }),
        apiCall("kms", "DeleteAlias", { aliasName: WATCHED.keyAlias }),
        apiCall("dynamodb", "DeleteTable", { tableName: LEDGER.split("/")[1] }),
        apiCall("dynamodb", "UpdateTable", { tableName: LEDGER, deletionProtectionEnabled: false }),
        apiCall("dynamodb", "UpdateTimeToLive", { tableName: LEDGER.split("/")[1] }),
        apiCall("dynamodb", "UpdateGlobalTableSettings", { globalTableName: LEDGER.split("/")[1] }),
        apiCall("dynamodb", "EnableKinesisStreamingDestination", { tableName: LEDGER, streamArn: "arn" }),
        apiCall("dynamodb", "DisableKinesisStreamingDestination", { tableName: LEDGER, streamArn: "arn" }),
        apiCall("dynamodb", "PutResourcePolicy", { resourceArn: LEDGER, policy: "{}" }),
        apiCall("signer", "AddProfilePermission", { profileName: "release", principal: "444455556666" }),
        apiCall("signer", "CancelSigningProfile", { profileName: "release" }),
        apiCall("signer", "RevokeSigningProfile", { profileName: "release", profileVersion: "Ab3dEf6hIj" }),
      ],
    ],
    [
      "queues",
      "by whichever host",
      ["SetQueueAttributes", "DeleteQueue", "AddPermission", "RemovePermission"].map((name) =>
        apiCall("sqs", name, { queueUrl: `https://eu-west-1.queue.amazonaws.com/111122223333/${QUEUE}` }),
      ),
    ],
    ["signing", "in jobs too", [apiCall("signer", "StartSigningJob", { profileName: "release" })]],
  ];
  for (const [kind, what, calls] of matched) {
    it(`tells of changes of ${kind}, ${what}`, async () => {
      const answers = await ask(kind, calls);

      assert.deepEqual(
        calls.filter((_, index) => answers[index] !== true),
        [],
      );
    });
  }

  const unmatched: readonly (readonly [ChangeKind, string, readonly object[]])[] = [
    [
      "functions",
      "of others, nor of calls of ours, which a trail may record",
      [
        apiCall("lambda", "UpdateFunctionCode20150331v2", { functionName: "other-function" }),
        apiCall("lambda", "Invoke", { functionName: FUNCTION_ARN }, CALLERS.awsService),
        apiCall("lambda", "DeleteEventSourceMapping20150331", { uUID: "another" }),
        apiCall("lambda", "CreateFunction20150331", null),
      ],
    ],
    [
      "rules",
      "of others",
      [apiCall("events", "DisableRule", { name: "other" }), apiCall("events", "PutTargets", { rule: "other" })],
    ],
    ["roles", "of others", [apiCall("iam", "DeleteRole", { roleName: "other" })]],
    [
      "data",
      "of others, nor of uses of ours",
      [
        apiCall("kms", "DisableKey", { keyId: "other" }),
        apiCall("kms", "UpdateAlias", { aliasName: "alias/other", targetKeyId: "other" }),
        apiCall("kms", "Encrypt", { keyId: WATCHED.keyArn }),
        apiCall("kms", "Decrypt", { keyId: WATCHED.keyArn }),
        apiCall("dynamodb", "UpdateItem", { tableName: LEDGER.split("/")[1] }),
        apiCall("dynamodb", "PutItem", { tableName: LEDGER }),
      ],
    ],
    [
      "queues",
      "of others, nor of uses of ours",
      [
        apiCall("sqs", "PurgeQueue", { queueUrl: `https://sqs.eu-west-1.amazonaws.com/111122223333/other-${QUEUE}` }),
        apiCall("sqs", "SendMessage", { queueUrl: `https://sqs.eu-west-1.amazonaws.com/111122223333/${QUEUE}` }),
      ],
    ],
    [
      "signing",
      "with other profiles, nor of questions",
      [
        apiCall("signer", "SignPayload", { profileName: "other" }),
        apiCall("signer", "GetSigningProfile", { profileName: "release" }),
      ],
    ],
  ];
  for (const [kind, what, calls] of unmatched) {
    it(`tells nothing about ${kind} ${what}`, async () => {
      assert.deepEqual(
        await ask(kind, calls),
        calls.map(() => false),
      );
    });
  }

  it("takes several roles that may sign, and an environment without mappings and without a profile of its own", async () => {
    const facts: ChangeFacts = {
      ...WATCHED,
      signingRoles: [SIGNING_ROLE, WATCHED.deploymentRole],
      mappings: [],
      profileName: undefined,
    };
    const [service, name, parameters] = CHANGES.signing;

    const signed = await ask(
      "signing",
      [CALLERS.deployment, CALLERS.ci, CALLERS.user].map((caller) => apiCall(service, name, parameters, caller)),
      { ...facts, profileName: "release" },
    );
    const others = await Promise.all(
      (["functions", "data"] as const).map((kind) => ask(kind, [apiCall(...CHANGES[kind])], facts)),
    );

    assert.deepEqual(signed, [false, false, true]);
    assert.deepEqual(others, [[true], [true]]);
  });
});
