import { familyOf } from "../ecs/arn";
import type { Launch } from "../ecs/launch";
import type { ContainerVerdict } from "../ecs/launch-verdict";
import { serviceOf } from "../ecs/service-group";
import type { Settings } from "../settings";
import type { SignatureEvidence, Verdict } from "../verification/verdict";
import type { ResponseOutcome } from "./response-outcome";
import { DONE } from "./response-outcome";
import { toWellFormed } from "./well-formed";

/** Version of the record's form; docs/image-verdict.schema.json describes it. It grows when a field changes or goes. */
export const RECORD_VERSION = "2";

/** What is recorded of one verdict: the detail of the `Image Verdict` event, and `verdict` in the line of the log. */
export interface VerdictRecord {
  readonly version: typeof RECORD_VERSION;
  readonly environment: string;
  readonly mode: Settings["mode"];
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  readonly task: string;
  readonly taskDefinition: string;
  /** Family of the task definition. */
  readonly family: string;
  readonly group?: string;
  /** The service that the group names. */
  readonly service?: string;
  readonly launchType?: string;
  readonly lastStatus: string;
  readonly container: string;
  readonly image: string;
  readonly digest?: string;
  readonly status: Verdict["status"];
  readonly code: Verdict["code"];
  readonly detail: string;
  /** Judged through a tag. */
  readonly provisional: boolean;
  /** Whether this verdict stands. One that does not is in the log only: the container will be judged again. */
  readonly final: boolean;
  /** The digest that was judged through the tag before; it was another one. */
  readonly tagMovedFrom?: string;
  readonly signature?: SignatureEvidence;
  /** What was done about the task. */
  readonly response: ResponseOutcome;
  /** The same in words of ours. */
  readonly done: string;
  /** Why the response failed. */
  readonly responseError?: string;
  /** The number within its group, if people are told of it: 1, 10, 100 and so on. */
  readonly count?: number;
  /** When the first of the group and the hour came. */
  readonly countedSince?: string;
  /** For chats; of what people are told only. */
  readonly chat?: ChatText;
  readonly taskCreatedAt: string;
  readonly judgedAt: string;
}

/**
 * What chats are told of a verdict. EventBridge inserts texts into a message as they are, and does not escape them
 * (EventBridge user guide, "Common issues with transforming input"); Slack refuses a text that is empty or too long
 * (Slack's reference of Block Kit: 1 to 3000 characters, in fields 2000, in a header 150), and EventBridge does not repeat
 * a call that is refused. So none of these needs escaping, none is empty, and each has its bound.
 */
export interface ChatText {
  /** What was found, at most 150 characters. */
  readonly title: string;
  readonly image: string;
  /** The reason in words. */
  readonly why: string;
  /** Container, service or else family, cluster, region, account. */
  readonly where: string;
  /** What was done about the task. */
  readonly done: string;
  /** What to do next. */
  readonly next: string;
  /** Web address of the task's verdicts in the log. */
  readonly log: string;
}

export interface RecordContext {
  readonly launch: Launch;
  readonly settings: Pick<Settings, "environment" | "mode">;
  readonly response: ResponseOutcome;
  readonly responseError?: string | undefined;
  readonly final: boolean;
  readonly tagMovedFrom?: string | undefined;
  readonly now: Date;
}

/** The record of one container's verdict. */
export function recordOf({ container, verdict }: ContainerVerdict, context: RecordContext): VerdictRecord {
  const { launch, settings, response, responseError, final, tagMovedFrom, now } = context;
  const service = serviceOf(launch.group);
  return toWellFormed({
    version: RECORD_VERSION,
    environment: settings.environment,
    mode: settings.mode,
    account: launch.account,
    region: launch.region,
    cluster: launch.clusterArn,
    task: launch.taskArn,
    taskDefinition: launch.taskDefinitionArn,
    family: familyOf(launch.taskDefinitionArn),
    ...(launch.group === undefined ? {} : { group: launch.group }),
    ...(service === undefined ? {} : { service }),
    ...(launch.launchType === undefined ? {} : { launchType: launch.launchType }),
    lastStatus: launch.lastStatus,
    container,
    image: verdict.reference,
    ...(verdict.digest === undefined ? {} : { digest: verdict.digest }),
    status: verdict.status,
    code: verdict.code,
    detail: verdict.detail,
    provisional: verdict.provisional,
    final,
    ...(tagMovedFrom === undefined ? {} : { tagMovedFrom }),
    ...(verdict.signature === undefined ? {} : { signature: verdict.signature }),
    response,
    done: DONE[response],
    ...(responseError === undefined ? {} : { responseError }),
    taskCreatedAt: launch.createdAt.toISOString(),
    judgedAt: now.toISOString(),
  });
}
