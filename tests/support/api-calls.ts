import type { ChangeFacts } from "../../components/changes/change-patterns";

const ACCOUNT = "111122223333";
export const DEPLOYMENT_ROLE = `arn:aws:iam::${ACCOUNT}:role/ci/deploy`;
export const SIGNING_ROLE = `arn:aws:iam::${ACCOUNT}:role/build`;

/** An environment's parts, by what a call may name. */
export const WATCHED: ChangeFacts = {
  deploymentRole: DEPLOYMENT_ROLE,
  signingRoles: [SIGNING_ROLE],
  profileName: "release",
  functions: ["verifier-function-1a2b3c4", "ecs-image-verification-gate-prod"],
  mappings: ["91eaeb7e-c976-1234-9451-8709db01f137"],
  rules: ["detector-rule-1a2b3c4", "gate-heartbeat-rule-1a2b3c4"],
  roles: ["verifier-role-1a2b3c4", "ecs-image-verification-gate-invoker-eu-west-1-prod"],
  policies: [`arn:aws:iam::${ACCOUNT}:policy/verifier-reading-1a2b3c4`],
  queues: ["verifier-postponed-1a2b3c4", "sweep-images-1a2b3c4"],
  keyAlias: "alias/ecs-image-verification/prod-20260101",
  keyArn: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
  tableArns: ["ledger-table-1a2b3c4", "orders-table-1a2b3c4"].map(
    (table) => `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/${table}`,
  ),
};

/** Who made a call, as CloudTrail writes it (user guide, "CloudTrail userIdentity element"). */
export const CALLERS = {
  root: { type: "Root", principalId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT },
  rootInTheConsole: {
    type: "Root",
    principalId: ACCOUNT,
    accountId: ACCOUNT,
    sessionContext: { attributes: { mfaAuthenticated: "true", creationDate: "2026-06-15T11:00:00Z" } },
  },
  user: {
    type: "IAMUser",
    principalId: "AIDACKCEVSQ6C2EXAMPLE",
    arn: `arn:aws:iam::${ACCOUNT}:user/mallory`,
    accountId: ACCOUNT,
    userName: "mallory",
  },
  awsService: { type: "AWSService", invokedBy: "config.amazonaws.com" },
  otherRole: assumed(`arn:aws:iam::${ACCOUNT}:role/admin`),
  sameNameElsewhere: assumed("arn:aws:iam::444455556666:role/ci/deploy"),
  sameNameOtherPath: assumed(`arn:aws:iam::${ACCOUNT}:role/deploy`),
  deployment: assumed(DEPLOYMENT_ROLE),
  ci: assumed(SIGNING_ROLE),
} as const;

/** A session of a role. */
function assumed(roleArn: string) {
  const [account = "", role = ""] = [roleArn.split(":")[4], roleArn.split("/").at(-1)];
  return {
    type: "AssumedRole",
    principalId: "AROAIDPPEZS35WEXAMPLE:session",
    arn: `arn:aws:sts::${account}:assumed-role/${role}/session`,
    accountId: account,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: "AROAIDPPEZS35WEXAMPLE",
        arn: roleArn,
        accountId: account,
        userName: role,
      },
      attributes: { creationDate: "2026-06-15T11:00:00Z", mfaAuthenticated: "false" },
    },
  };
}

/** A call that CloudTrail reported to EventBridge. */
export function apiCall(
  service: string,
  eventName: string,
  requestParameters: object | null,
  userIdentity: object = CALLERS.otherRole,
  more: object = {},
) {
  return {
    version: "0",
    id: "36eb8523-97d0-4518-b33d-ee3579ff19f0",
    "detail-type": "AWS API Call via CloudTrail",
    source: `aws.${service}`,
    account: ACCOUNT,
    time: "2026-06-15T12:00:00Z",
    region: "eu-west-1",
    resources: [],
    detail: {
      eventVersion: "1.11",
      userIdentity,
      eventTime: "2026-06-15T12:00:00Z",
      eventSource: `${service}.amazonaws.com`,
      eventName,
      awsRegion: "eu-west-1",
      sourceIPAddress: "203.0.113.7",
      requestParameters,
      responseElements: null,
      eventID: "3038ebd2-c98a-4c65-9b6e-e22506292313",
      readOnly: false,
      eventType: "AwsApiCall",
      managementEvent: true,
      ...more,
    },
  };
}
