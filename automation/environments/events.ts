import type { EngineEvent } from "@pulumi/pulumi/automation";

/** A resource of an environment. */
export interface Resource {
  readonly urn: string;
  /** Such as `aws:lambda/function:Function`. */
  readonly type: string;
  /** Its name in the program. */
  readonly name: string;
}

/** A policy violation. */
export interface Violation {
  readonly pack: string;
  readonly policy: string;
  readonly level: "advisory" | "mandatory";
  readonly message: string;
  /** Missing if the policy applies to the whole stack. */
  readonly resource?: Resource;
}

/** What happens, or in a preview would happen, to a resource. */
export interface ResourceEvent {
  readonly type: "resource";
  readonly phase: "started" | "done" | "failed";
  /**
   * Pulumi's term: `create`, `update`, `replace`, `delete`, `read`, ... Resources that stay the same or are only refreshed have
   * no event.
   */
  readonly operation: string;
  readonly resource: Resource;
  /** The inputs that differ. */
  readonly changed: readonly string[];
}

/** A message from the engine, a provider or the program. */
export interface MessageEvent {
  readonly type: "message";
  readonly severity: "info" | "warning" | "error";
  readonly message: string;
  readonly resource?: Resource;
}

export interface ViolationEvent extends Violation {
  readonly type: "violation";
}

/** The end of an operation that finished. */
export interface SummaryEvent {
  readonly type: "summary";
  /** Numbers of resources by operation, `same` included. */
  readonly changes: Changes;
  readonly seconds: number;
}

export type Changes = Readonly<Record<string, number>>;

/** Progress of an operation. */
export type EnvironmentEvent = ResourceEvent | MessageEvent | ViolationEvent | SummaryEvent;

/** Converts an event of Pulumi's engine to one of ours; undefined for events that are not needed. */
export function environmentEvent(event: EngineEvent): EnvironmentEvent | undefined {
  const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, policyEvent, summaryEvent } = event;
  if (resourcePreEvent) return resourceEvent("started", resourcePreEvent.metadata);
  if (resOutputsEvent) return resourceEvent("done", resOutputsEvent.metadata);
  if (resOpFailedEvent) return resourceEvent("failed", resOpFailedEvent.metadata);
  if (policyEvent) return violationEvent(policyEvent);
  if (diagnosticEvent && !diagnosticEvent.ephemeral) return messageEvent(diagnosticEvent);
  if (summaryEvent) {
    const { resourceChanges, durationSeconds } = summaryEvent;
    return { type: "summary", changes: { ...resourceChanges }, seconds: durationSeconds };
  }
  return undefined;
}

/** Pulumi also has `debug`, whose messages contain resource properties, including secrets: those are dropped. */
const SEVERITIES: ReadonlyMap<string, MessageEvent["severity"]> = new Map([
  ["info", "info"],
  ["info#err", "info"],
  ["warning", "warning"],
  ["error", "error"],
]);

type Metadata = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];

function resourceEvent(phase: ResourceEvent["phase"], { op, urn, diffs }: Metadata): ResourceEvent | undefined {
  const resource = parseUrn(urn);
  // Pulumi's own displays also hide default providers and do not count them.
  const hidden =
    /^(?:same|refresh)$/.test(op) || /^pulumi:providers:.*::default(?:_|$)/.test(`${resource.type}::${resource.name}`);
  return hidden ? undefined : { type: "resource", phase, operation: op, resource, changed: diffs ?? [] };
}

function violationEvent(event: NonNullable<EngineEvent["policyEvent"]>): ViolationEvent {
  const { policyPackName, policyName, enforcementLevel, message, resourceUrn } = event;
  return {
    type: "violation",
    pack: policyPackName,
    policy: policyName,
    level: enforcementLevel === "mandatory" ? "mandatory" : "advisory",
    message: plain(message),
    ...(resourceUrn ? { resource: parseUrn(resourceUrn) } : {}),
  };
}

function messageEvent(event: NonNullable<EngineEvent["diagnosticEvent"]>): MessageEvent | undefined {
  const { message, urn } = event;
  const severity = SEVERITIES.get(event.severity);
  if (severity === undefined) return undefined;
  return {
    type: "message",
    severity,
    message: plain(message),
    ...(urn ? { resource: parseUrn(urn) } : {}),
  };
}

/** `urn:pulumi:STACK::PROJECT::PARENT_TYPE$TYPE::NAME` (Pulumi's documentation of resource URNs). */
function parseUrn(urn: string): Resource {
  const [, , qualifiedType = "", ...name] = urn.split("::");
  return { urn, type: qualifiedType.slice(qualifiedType.lastIndexOf("$") + 1), name: name.join("::") };
}

/** Removes the engine's color markup, `<{%fg 1%}>`. */
function plain(message: string): string {
  return message.replaceAll(/<\{%.*?%\}>/g, "").trim();
}
