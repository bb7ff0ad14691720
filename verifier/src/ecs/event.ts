import * as z from "zod";
import { digestGrammar } from "../../../trust/reference";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import { type EcsArnType, parseEcsArn } from "./arn";
import type { Launch, LaunchContainer } from "./launch";

const SOURCE = "aws.ecs";
const DETAIL_TYPE = "ECS Task State Change";
const PROBLEMS_SHOWN = 10;

/**
 * The event is not a task state change that can be judged. This is never a denial, because nothing is known about the
 * images. `problems` has one line per fault, starting with the path inside the event.
 */
export class EventMalformedError extends Error {
  override readonly name = "EventMalformedError";

  constructor(
    readonly problems: readonly string[],
    readonly eventId?: string,
  ) {
    const which = eventId === undefined ? "The event" : `The event ${JSON.stringify(eventId)}`;
    const shown = problems.slice(0, PROBLEMS_SHOWN);
    const more = problems.length - shown.length;
    super(
      [
        `${which} is not a usable "${DETAIL_TYPE}" of ECS:`,
        ...shown.map((problem) => `  ${problem}`),
        ...(more > 0 ? [`  and ${more} more`] : []),
        `Nothing was judged. Send only events that match source "${SOURCE}" and detail-type "${DETAIL_TYPE}", unchanged.`,
      ].join("\n"),
    );
  }
}

const text = z.string().min(1, "must not be empty");

/** ECS omits unknown values in events; its API returns null or an empty string for them. */
const optionalText = z
  .string()
  .nullish()
  .transform((value) => value || undefined);

const time = z.iso
  .datetime({ offset: true, error: (issue) => `must be an ISO 8601 time, got ${shorten(issue.input)}` })
  .transform((value) => new Date(value));

/**
 * A digest that the verifier can use, or otherwise the reported value, kept apart: one invalid container must not
 * prevent the other containers of its task from being judged.
 */
export function readDigest(value: unknown): Pick<LaunchContainer, "imageDigest" | "oddDigest"> {
  if (value === undefined || value === null || value === "") return {};
  const usable = typeof value === "string" && digestGrammar.test(value);
  return usable ? { imageDigest: value } : { oddDigest: shorten(value) };
}

const digest = z.unknown().optional().transform(readDigest);

function arn(type: EcsArnType, ...more: EcsArnType[]) {
  return z.string().transform((value, context) => {
    const parsed = parseEcsArn(value);
    if (parsed !== undefined && [type, ...more].includes(parsed.type)) return parsed;
    context.addIssue({ code: "custom", message: `must be the ARN of an ECS ${type}, got ${shorten(value)}` });
    return z.NEVER;
  });
}

function constant(expected: string) {
  return z.literal(expected, { error: (issue) => `must be "${expected}", got ${shorten(issue.input)}` });
}

/**
 * The fields that are used. Other fields, present or future, are ignored.
 * The required fields are those that the event's schema in the EventBridge registry requires; `image` and `imageDigest`
 * are optional there. An event without containers is rejected, because there would be nothing to deny.
 */
const eventSchema = z.object({
  source: constant(SOURCE),
  "detail-type": constant(DETAIL_TYPE),
  account: z.string().regex(/^\d{12}$/, "must be an account number of 12 digits"),
  region: text,
  time,
  detail: z.object({
    taskArn: arn("task"),
    taskDefinitionArn: arn("task-definition", "daemon-task-definition"),
    clusterArn: arn("cluster"),
    group: optionalText,
    startedBy: optionalText,
    launchType: optionalText,
    lastStatus: text,
    desiredStatus: text,
    version: z.int().nonnegative(),
    createdAt: time,
    containers: z
      .array(
        z.object({
          name: text,
          image: optionalText,
          imageDigest: digest,
          runtimeId: optionalText,
          lastStatus: text,
        }),
      )
      .min(1, "must have at least one container"),
  }),
});

type LaunchEvent = z.infer<typeof eventSchema>;

/**
 * Reads an "ECS Task State Change" event of EventBridge.
 * The account and region in the envelope, which EventBridge writes, must match those of every ARN inside.
 * @throws EventMalformedError that names every wrong path.
 */
export function parseLaunchEvent(event: unknown): Launch {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) throw new EventMalformedError(parsed.error.issues.map(describeIssue), readEventId(event));
  const foreign = foreignArns(parsed.data);
  if (foreign.length > 0) throw new EventMalformedError(foreign, readEventId(event));
  return toLaunch(parsed.data);
}

function toLaunch({ account, region, time: eventTime, detail }: LaunchEvent): Launch {
  return {
    taskArn: detail.taskArn.text,
    taskDefinitionArn: detail.taskDefinitionArn.text,
    clusterArn: detail.clusterArn.text,
    account,
    region,
    ...withoutUndefined({ group: detail.group, startedBy: detail.startedBy, launchType: detail.launchType }),
    lastStatus: detail.lastStatus,
    desiredStatus: detail.desiredStatus,
    version: detail.version,
    createdAt: detail.createdAt,
    eventTime,
    containers: detail.containers.map((container) => ({
      name: container.name,
      ...withoutUndefined({ image: container.image, runtimeId: container.runtimeId }),
      ...container.imageDigest,
      lastStatus: container.lastStatus,
    })),
  };
}

function foreignArns({ account, region, detail }: LaunchEvent): string[] {
  return (["taskArn", "taskDefinitionArn", "clusterArn"] as const).flatMap((field) => {
    const { partition, account: arnAccount, region: arnRegion } = detail[field];
    if (arnAccount === account && arnRegion === region && partition === detail.taskArn.partition) return [];
    return [
      `detail.${field}: must have the event's account ${account} and region ${region} and the task's partition, got ${shorten(detail[field].text)}`,
    ];
  });
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return `${path === "" ? "the event" : path.slice(1)}: ${issue.message}`;
}

function readEventId(event: unknown): string | undefined {
  const parsed = z.object({ id: z.string().max(100) }).safeParse(event);
  return parsed.success ? parsed.data.id : undefined;
}

function shorten(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 120 ? `${json.slice(0, 120)}...` : json;
}
