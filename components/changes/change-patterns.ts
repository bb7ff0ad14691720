/** What is watched for changes, each kind by a rule and an alarm of its own. */
export const CHANGE_KINDS = ["functions", "rules", "roles", "data", "signing"] as const;

export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What the patterns need to know. */
export interface ChangeFacts {
  /** ARN of the role that deploys the environment, whose calls are no news. */
  readonly deploymentRole: string;
  /** ARNs of the roles that may sign; undefined if nobody is told of signing jobs. */
  readonly signingRoles: readonly string[] | undefined;
  /** Name of the signing profile, if it is one of this account and region. */
  readonly profileName: string | undefined;
  readonly functions: readonly string[];
  readonly mappings: readonly string[];
  readonly rules: readonly string[];
  readonly roles: readonly string[];
  readonly policies: readonly string[];
  readonly keyArn: string;
  /** ARNs of tables. */
  readonly tableArns: readonly string[];
}

/** How the names of the rules of all environments begin that watch for changes. */
export const CHANGE_RULE = "ecs-image-verification-changes";

/**
 * The calls that change a key or a table so that orders, or what was judged, are lost or are others. Listed, because CloudTrail
 * reports uses of a key as calls as well, and a trail may record reads and writes of items.
 */
const DATA_CHANGES = [
  ...["DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy", "CreateGrant"],
  ...["DeleteTable", "UpdateTable", "UpdateTimeToLive", "UpdateContinuousBackups"],
  ...["PutResourcePolicy", "DeleteResourcePolicy"],
  ...["PutSigningProfile", "CancelSigningProfile", "AddProfilePermission", "RemoveProfilePermission"],
];

/**
 * The event pattern of one kind, as JSON, for calls that CloudTrail reports: EventBridge gets those that change something, if
 * the account has a trail with management events (EventBridge user guide, "AWS service events delivered via AWS CloudTrail").
 * Only calls that succeeded. A resource may be named by its name or its ARN, of which a caller chooses one.
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
          // By name, ARN, part of an ARN, each with a version or an alias or without. That EventBridge takes so many wildcards is
          // inferred (pattern-complexity).
          { functionName: facts.functions.map((name) => ({ wildcard: `*${name}*` })) },
          // How CloudTrail writes the name of the field is inferred (lambda-mapping-field).
          { uUID: facts.mappings },
          { uuid: facts.mappings },
        ]),
      });
    case "rules": {
      const names = [...facts.rules, { wildcard: `${CHANGE_RULE}-*` }];
      return pattern(["aws.events", "aws.scheduler"], [deploymentRole], {
        requestParameters: anyOf([{ name: names }, { rule: names }]),
      });
    }
    case "roles":
      return pattern(["aws.iam"], [deploymentRole], {
        requestParameters: anyOf([{ roleName: facts.roles }, { policyArn: facts.policies }]),
      });
    case "data":
      return pattern(["aws.kms", "aws.dynamodb", "aws.signer"], [deploymentRole], {
        eventName: DATA_CHANGES,
        requestParameters: anyOf([
          { keyId: [facts.keyArn, lastPart(facts.keyArn)] },
          { tableName: facts.tableArns.flatMap((arn) => [arn, lastPart(arn)]) },
          { resourceArn: facts.tableArns },
          ...profile,
        ]),
      });
    case "signing":
      return pattern(["aws.signer"], signingRoles, {
        // Inferred (signer-cloudtrail-fields).
        eventName: ["SignPayload", "StartSigningJob"],
        requestParameters: anyOf(profile),
      });
  }
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
