import type { InputTransformer } from "../notifications/chat-messages";
import type { ChangeKind } from "./change-patterns";

/**
 * What a message says of a call. EventBridge inserts values without escaping them, and a quote in one would break the message
 * (components/notifications/chat-messages.ts). So only fields are used that AWS writes, or whose characters it restricts: an id of
 * the caller, not its ARN, which holds the path of an IAM user with any printable character (IAM API reference, CreateUser); no
 * names out of the call. A field that is missing leaves a gap in the sentence, inferred (missing-input-path). With the event's id CloudTrail tells the rest.
 */
const FIELDS = {
  action: "$.detail.eventName",
  service: "$.detail.eventSource",
  // Of a role: its id, and the name of the session, which has letters, digits and _+=,.@- (STS API reference, AssumeRole).
  caller: "$.detail.userIdentity.principalId",
  account: "$.detail.userIdentity.accountId",
  time: "$.detail.eventTime",
  region: "$.detail.awsRegion",
  event: "$.detail.eventID",
};

const WHAT: Readonly<Record<ChangeKind, string>> = {
  functions: "a function was changed by somebody other than the deployment",
  rules: "a rule of EventBridge was changed by somebody other than the deployment",
  roles: "a role or a policy of it was changed by somebody other than the deployment",
  queues: "a queue was changed or emptied by somebody other than the deployment",
  data: "the key, a table or the signing profile was changed by somebody other than the deployment",
  signing: "somebody other than the CI signed with the signing profile",
};

/**
 * The message about a call, one line of text.
 *
 * @param runbook Where people read what to do. It has no character that JSON escapes.
 */
export function changeMessage(kind: ChangeKind, environment: string, runbook: string): InputTransformer {
  const text =
    `Image verification, environment ${environment}: ${WHAT[kind]}. <action> of <service> was called at <time> in <region> by ` +
    `<caller> of account <account>. Event <event> in CloudTrail tells more. Runbook: ${runbook}`;
  return { inputPaths: FIELDS, inputTemplate: JSON.stringify(text) };
}
