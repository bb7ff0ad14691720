import { GATE_NAME, LIVE } from "../gate/gate-names";
import type { WatchedNames } from "./watched-names";

/** What is watched for changes, each kind by a rule and an alarm of its own. */
export const CHANGE_KINDS = ["functions", "rules", "roles", "data", "queues", "signing"] as const;

export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What the patterns need to know. */
export interface ChangeFacts extends Readonly<Record<keyof WatchedNames, readonly string[]>> {
  /** ARN of the role that deploys the environment, whose calls are no news. */
  readonly deploymentRole: string;
  /** ARNs of the roles that may sign; undefined if nobody is told of signing jobs. */
  readonly signingRoles: readonly string[] | undefined;
  /** Name of the signing profile, if it is one of this account and region. */
  readonly profileName: string | undefined;
  readonly keyArn: string;
  /** Name of the key's alias. */
  readonly keyAlias: string;
  /** ARNs of tables. */
  readonly tableArns: readonly string[];
}

/** How the names of the rules of all environments begin that watch for changes. */
export const CHANGE_RULE = "ecs-image-verification-changes";

/**
 * The calls that change a key or a table so that orders, or what was judged, are lost or are others, and those that change a signing
 * profile. Listed, because CloudTrail reports uses of a key as calls as well, and a trail may record reads and writes of items.
 */
const DATA_CHANGES = [
  ...["DisableKey", "EnableKey", "ScheduleKeyDeletion", "CancelKeyDeletion", "DeleteImportedKeyMaterial"],
  ...["PutKeyPolicy", "CreateGrant", "RevokeGrant", "ReplicateKey", "UpdateAlias", "DeleteAlias"],
  ...["DeleteTable", "UpdateTable", "UpdateGlobalTableSettings", "UpdateTimeToLive", "UpdateContinuousBackups"],
  ...["EnableKinesisStreamingDestination", "DisableKinesisStreamingDestination"],
  ...["PutResourcePolicy", "DeleteResourcePolicy"],
  // RevokeSignature names a job only, which may be one of any profile.
  ...[
    "PutSigningProfile",
    "CancelSigningProfile",
    "RevokeSigningProfile",
    "AddProfilePermission",
    "RemoveProfilePermission",
  ],
];

/** Management events (Amazon SQS developer guide, "Logging Amazon SQS API calls using AWS CloudTrail"), unlike uses of a queue. */
const QUEUE_CHANGES = ["SetQueueAttributes", "PurgeQueue", "DeleteQueue", "AddPermission", "RemovePermission"];

/**
 * The event pattern of one kind, as JSON, for calls that CloudTrail reports: EventBridge gets those that change something, if
 * the account has a trail with management events (EventBridge user guide, "AWS service events delivered via AWS CloudTrail").
 * Only calls that succeeded. A resource may be named by its name or its ARN, of which a caller chooses one.
 *
 * Without wildcards: EventBridge refuses a pattern with too many of them, and does not say how many are too many.
 */
export function changePattern(kind: ChangeKind, facts: ChangeFacts): string {
  const { deploymentRole, signingRoles = [], profileName } = facts;
  const profile = profileName === undefined ? [] : [{ profileName: [profileName] }];
  switch (kind) {
    case "functions":
      return pattern(["aws.lambda"], [deploymentRole], {
        // The name of a change has the version of the API, as UpdateFunctionCode20150331v2. Calls of the function are data events.
        eventName: [{ "anything-but": { prefix: "Invoke" } }],
        requestParameters: anyOf([
          { functionName: facts.functions.flatMap(namedFunction) },
          // How CloudTrail writes the name of the field is inferred (lambda-mapping-field).
          { uUID: facts.mappings },
          { uuid: facts.mappings },
        ]),
      });
    case "rules": {
      const names = [...facts.rules, { prefix: `${CHANGE_RULE}-` }];
      return pattern(["aws.events", "aws.scheduler"], [deploymentRole], {
        requestParameters: anyOf([{ name: names }, { rule: names }]),
      });
    }
    case "roles":
      return pattern(["aws.iam"], [deploymentRole], {
        requestParameters: anyOf([{ roleName: inAnyCase(facts.roles) }, { policyArn: inAnyCase(facts.policies) }]),
      });
    case "data": {
      const tables = facts.tableArns.map(lastPart);
      return pattern(["aws.kms", "aws.dynamodb", "aws.signer"], [deploymentRole], {
        eventName: DATA_CHANGES,
        requestParameters: anyOf([
          { keyId: [facts.keyArn, lastPart(facts.keyArn)] },
          { aliasName: [facts.keyAlias] },
          // Its name or its ARN.
          { tableName: tables.map((name) => ({ suffix: name })) },
          { globalTableName: tables },
          { resourceArn: facts.tableArns },
          ...profile,
        ]),
      });
    }
    case "queues":
      return pattern(["aws.sqs"], [deploymentRole], {
        eventName: QUEUE_CHANGES,
        // A URL ends in the account and the name, under whichever of the service's hosts.
        requestParameters: { queueUrl: facts.queues.map((name) => ({ suffix: `/${name}` })) },
      });
    case "signing":
      return pattern(["aws.signer"], signingRoles, {
        // Inferred (signer-cloudtrail-fields).
        eventName: ["SignPayload", "StartSigningJob"],
        requestParameters: anyOf(profile),
      });
  }
}

/**
 * A function by its name, its ARN or part of that, and with any version or alias by its name; by its ARN with the alias that it may
 * have. An ARN with the number of a version or `$LATEST` is not matched.
 */
function namedFunction(name: string): readonly unknown[] {
  return [
    { suffix: name },
    { prefix: `${name}:` },
    ...(name.startsWith(GATE_NAME) ? [{ suffix: `${name}:${LIVE}` }] : []),
  ];
}

/** IAM does not distinguish names by case (API reference, CreateRole), so a caller may write one otherwise. */
function inAnyCase(texts: readonly string[]): readonly unknown[] {
  return texts.map((text) => ({ "equals-ignore-case": text }));
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Root and IAM users have no session of a role, and `anything-but` is false for a field that is missing (EventBridge user guide,
 * "Comparison operators"): so it is asked for as well.
 */
function pattern(source: readonly string[], roles: readonly string[], detail: Fields): string {
  const issuer = (arn: unknown) => ({ sessionContext: { sessionIssuer: { arn: [arn] } } });
  return JSON.stringify({
    source,
    "detail-type": ["AWS API Call via CloudTrail"],
    detail: {
      ...detail,
      errorCode: [{ exists: false }],
      userIdentity: anyOf([issuer({ "anything-but": roles }), issuer({ exists: false })]),
    },
  });
}

/** Of several alternatives those that name something. A pattern may not have an empty list, nor a choice of one. */
function anyOf(alternatives: readonly Fields[]): Fields {
  const named = alternatives.filter((fields) => Object.values(fields).every((value) => !isEmpty(value)));
  const [only, ...others] = named;
  return only !== undefined && others.length === 0 ? only : { $or: named };
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function lastPart(arn: string): string {
  return arn.split("/").at(-1) ?? arn;
}
