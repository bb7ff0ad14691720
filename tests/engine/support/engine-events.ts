import { readFile } from "node:fs/promises";

/** What the engine did, or would do, with one resource. */
export interface Step {
  /** `create`, `update`, `replace`, `delete`, `same`, ...; a replacement also has `create-replacement` and `delete-replaced`. */
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  /** The resource's name in the program. */
  readonly name: string;
  /** The inputs that differ, as the provider names them. */
  readonly diffs: readonly string[];
}

export interface Events {
  /** All steps but those of resources that stay the same. */
  readonly steps: readonly Step[];
  /** Numbers by operation, `same` included; empty when the engine ended early. */
  readonly summary: Readonly<Record<string, number>>;
  /** Messages of the program, the engine and the providers. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly violations: readonly Violation[];
}

/** What a policy has against a resource; also that it could not look, because a preview does not know a value. */
export interface Violation {
  readonly pack: string;
  readonly policy: string;
  /** `mandatory` fails the run. */
  readonly level: string;
  readonly message: string;
  /** Of the resource, or of the stack where the policy names none. */
  readonly urn: string;
}

interface EngineEvent {
  readonly resourcePreEvent?: {
    readonly metadata: { readonly op: string; readonly urn: string; readonly type: string; readonly diffs?: string[] };
  };
  readonly summaryEvent?: { readonly resourceChanges?: Record<string, number> };
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
  readonly policyEvent?: {
    readonly policyPackName: string;
    readonly policyName: string;
    readonly enforcementLevel: string;
    readonly message: string;
    readonly resourceUrn?: string;
  };
}

/** Reads the file that the CLI writes with `--event-log`: one event a line. */
export async function readEvents(file: string): Promise<Events> {
  const text = await readFile(file, "utf8").catch(() => "");
  const events = text
    .split("\n")
    .filter(Boolean)
    .map((line): EngineEvent => JSON.parse(line));
  const steps = events.flatMap(({ resourcePreEvent }) => (resourcePreEvent ? [stepOf(resourcePreEvent.metadata)] : []));
  const messages = (severity: string) =>
    events
      .flatMap(({ diagnosticEvent }) => (diagnosticEvent?.severity === severity ? [diagnosticEvent.message] : []))
      .map(withoutColors);
  return {
    steps: steps.filter(({ op }) => op !== "same"),
    summary: events.find(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges ?? {},
    errors: messages("error"),
    warnings: messages("warning"),
    violations: events.flatMap(({ policyEvent }) => (policyEvent ? [violationOf(policyEvent)] : [])),
  };
}

function violationOf(event: NonNullable<EngineEvent["policyEvent"]>): Violation {
  const { policyPackName: pack, policyName: policy, enforcementLevel: level, message, resourceUrn: urn = "" } = event;
  return { pack, policy, level, message: withoutColors(message), urn };
}

function withoutColors(message: string): string {
  return message.replaceAll(/<\{%.*?%\}>/g, "").trim();
}

function stepOf({ op, urn, type, diffs }: NonNullable<EngineEvent["resourcePreEvent"]>["metadata"]): Step {
  return { op, urn, type, name: urn.slice(urn.lastIndexOf("::") + 2), diffs: diffs ?? [] };
}
