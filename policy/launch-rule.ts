import * as z from "zod";

/** The states in which a launch can first be seen, and the last one, which brings the digests. */
const launchStates = ["PROVISIONING", "PENDING", "ACTIVATING", "RUNNING"];

const pattern = z.object({
  source: z.array(z.string()),
  "detail-type": z.array(z.string()),
  detail: z.looseObject({
    desiredStatus: z.array(z.unknown()).optional(),
    lastStatus: z.array(z.unknown()).optional(),
  }),
});

/** Keys that a pattern may have; any other would leave launches out. */
const keys = ["source", "detail-type", "detail"];
const detailKeys = ["clusterArn", "desiredStatus", "lastStatus"];

/** What launches an EventBridge rule leaves out. */
export function launchRuleViolations(rule: {
  readonly eventPattern?: unknown;
  readonly state?: unknown;
  readonly isEnabled?: unknown;
}): readonly string[] {
  const off = rule.state === "DISABLED" || rule.isEnabled === false ? ["The rule for launches is disabled."] : [];
  return [...off, ...patternViolations(rule.eventPattern)];
}

function patternViolations(text: unknown): readonly string[] {
  const value = fromJson(text);
  const parsed = pattern.safeParse(value);
  if (!parsed.success) return [`The event pattern is not one for launches: ${z.prettifyError(parsed.error)}`];
  const { source, "detail-type": detailType, detail } = parsed.data;
  const missing = launchStates.filter((state) => detail.lastStatus !== undefined && !detail.lastStatus.includes(state));
  const extra = [
    ...Object.keys(fieldsOf(value)).filter((key) => !keys.includes(key)),
    ...Object.keys(detail).filter((key) => !detailKeys.includes(key)),
  ];
  return [
    ...(source.includes("aws.ecs") && detailType.includes("ECS Task State Change")
      ? []
      : ['The event pattern leaves out "ECS Task State Change" of aws.ecs.']),
    ...(detail.desiredStatus === undefined || detail.desiredStatus.includes("RUNNING")
      ? []
      : ["The event pattern leaves out the desiredStatus RUNNING."]),
    ...(missing.length === 0 ? [] : [`The event pattern leaves out the lastStatus ${missing.join(", ")}.`]),
    ...(extra.length === 0 ? [] : [`The event pattern leaves out launches by ${extra.join(", ")}.`]),
  ];
}

function fromJson(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
