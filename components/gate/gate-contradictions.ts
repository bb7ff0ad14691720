import type { GateMode } from "../../verifier/src/gate/hook";

/** The settings of a gate that may contradict each other, or the launch detector's mode. */
export interface GateSettings {
  readonly mode?: GateMode | undefined;
  readonly attach?: string | undefined;
  /** Undefined if they are not known yet. */
  readonly services?: readonly unknown[] | undefined;
  readonly enforce?: { readonly clusters?: unknown; readonly services?: unknown } | undefined;
  readonly acceptTasksStopped?: boolean | undefined;
}

/** Settings that are each valid and do not fit together. */
export interface GateContradiction {
  /** The setting, inside `gate`. */
  readonly setting: "mode" | "services" | "enforce";
  readonly value: unknown;
  /** Completes a sentence that begins with the value. */
  readonly message: string;
  readonly allowed?: string;
  readonly fix: string;
}

/** What in a gate's settings does not fit together. */
export function gateContradictions(
  { mode = "audit", attach = "none", services, enforce, acceptTasksStopped = false }: GateSettings,
  detector: "audit" | "enforce",
): readonly GateContradiction[] {
  const stops = mode === "audit" && detector === "enforce" && !acceptTasksStopped;
  const enforcesAll = mode === "enforce" && [enforce?.clusters, enforce?.services].some((one) => one !== undefined);
  return [
    ...(stops ? [TASKS_STOPPED] : []),
    ...(enforcesAll
      ? [
          {
            setting: "enforce",
            value: enforce,
            message: "contradicts gate.mode: in enforce the gate enforces everywhere",
            fix: "Remove gate.enforce to enforce everywhere, or set gate.mode to audit to enforce only there.",
          } as const,
        ]
      : []),
    ...(attach === "listed" && services?.length === 0
      ? [
          {
            setting: "services",
            value: services,
            message: "names no service, and gate.attach is listed",
            allowed: "a list with the ARNs of services, such as arn:aws:ecs:eu-west-1:111122223333:service/web/shop",
            fix: "List the services, or set gate.attach to none or all.",
          } as const,
        ]
      : []),
  ];
}

const TASKS_STOPPED: GateContradiction = {
  setting: "mode",
  value: "audit",
  message:
    "does not fit the environment's mode, which is enforce: the gate would let a deployment start tasks, and the detector would stop them",
  allowed: "enforce; or audit with gate.acceptTasksStopped: true",
  fix: "Set gate.mode to enforce, set mode to audit, or say that this is intended: gate.acceptTasksStopped: true.",
};
