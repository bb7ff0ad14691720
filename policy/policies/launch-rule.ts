import * as z from "zod";
import { parseJson } from "../../trust/text/parse-json";

/** The states of a task in which its images are visible: while it starts, and after its end. */
const states = [
  ...["PROVISIONING", "PENDING", "ACTIVATING", "RUNNING"].map((lastStatus) => ({
    desiredStatus: "RUNNING",
    lastStatus,
  })),
  { desiredStatus: "STOPPED", lastStatus: "STOPPED" },
] as const;

/**
 * The fields that a pattern, or one of several with `$or`, may have for a task's state. Any other key would exclude
 * tasks.
 */
const condition = z.looseObject({
  desiredStatus: z.array(z.unknown()).optional(),
  lastStatus: z.array(z.unknown()).optional(),
});

const pattern = z.object({
  source: z.array(z.string()),
  "detail-type": z.array(z.string()),
  detail: condition.extend({ $or: z.array(condition).optional() }),
});

/** Keys that a pattern may have; any other would exclude tasks. */
const keys = ["source", "detail-type", "detail"];
const conditionKeys = ["desiredStatus", "lastStatus"];

/** The launches that an EventBridge rule excludes. */
export function launchRuleViolations(rule: {
  readonly eventPattern?: unknown;
  readonly state?: unknown;
  readonly isEnabled?: unknown;
}): readonly string[] {
  const off = rule.state === "DISABLED" || rule.isEnabled === false ? ["The rule for launches is disabled."] : [];
  return [...off, ...patternViolations(rule.eventPattern)];
}

function patternViolations(text: unknown): readonly string[] {
  const value = typeof text === "string" ? parseJson(text) : text;
  const parsed = pattern.safeParse(value);
  if (!parsed.success) return [`The event pattern does not match launches: ${z.prettifyError(parsed.error)}`];
  const { source, "detail-type": detailType, detail } = parsed.data;
  const { $or: alternatives = [{}], ...common } = detail;
  const missing = states.filter(
    (state) => !(matches(common, state) && alternatives.some((alternative) => matches(alternative, state))),
  );
  const extra = [
    ...Object.keys(asObject(value)).filter((key) => !keys.includes(key)),
    ...Object.keys(common).filter((key) => key !== "clusterArn" && !conditionKeys.includes(key)),
    ...alternatives.flatMap((one) => Object.keys(one)).filter((key) => !conditionKeys.includes(key)),
  ];
  return [
    ...(source.includes("aws.ecs") && detailType.includes("ECS Task State Change")
      ? []
      : ['The event pattern excludes "ECS Task State Change" of aws.ecs.']),
    ...(missing.length === 0
      ? []
      : [
          `The event pattern excludes the lastStatus ${missing.map(({ lastStatus }) => lastStatus).join(", ")}. ` +
            "Needed: PROVISIONING, PENDING, ACTIVATING and RUNNING with the desiredStatus RUNNING; STOPPED with any.",
        ]),
    ...(extra.length === 0 ? [] : [`The event pattern excludes launches by ${extra.join(", ")}.`]),
  ];
}

function matches({ desiredStatus, lastStatus }: z.output<typeof condition>, state: (typeof states)[number]): boolean {
  return [[desiredStatus, state.desiredStatus] as const, [lastStatus, state.lastStatus] as const].every(
    ([listed, value]) => listed === undefined || listed.includes(value),
  );
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
