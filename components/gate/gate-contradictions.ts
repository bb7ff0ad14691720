import { LONGEST_OPENING_HOURS } from "../../verifier/src/gate/environment";
import type { GateMode } from "../../verifier/src/gate/hook";
import type { SettingProblem } from "../settings-error";

/** The settings of a gate that the types allow and that may still be wrong, or not fit the launch detector's mode. */
export interface GateSettings {
  readonly mode?: GateMode | undefined;
  readonly attach?: string | undefined;
  /** Undefined if they are not known yet. */
  readonly services?: readonly unknown[] | undefined;
  readonly enforce?: { readonly clusters?: unknown; readonly services?: unknown } | undefined;
  readonly acceptTasksStopped?: boolean | undefined;
  readonly open?: false | { readonly maxHours?: number | undefined } | undefined;
}

/** A setting of a gate that does not fit another one. */
export type GateContradiction = SettingProblem<"mode" | "services" | "enforce" | "open">;

/** What is wrong in a gate's settings. */
export function gateContradictions(
  { mode = "audit", attach = "none", services, enforce, acceptTasksStopped = false, open }: GateSettings,
  detector: "audit" | "enforce",
): readonly GateContradiction[] {
  const stops = mode === "audit" && detector === "enforce" && !acceptTasksStopped;
  const enforcesAll = mode === "enforce" && [enforce?.clusters, enforce?.services].some((one) => one !== undefined);
  const maxHours = open ? open.maxHours : undefined;
  return [
    ...(maxHours === undefined || isHours(maxHours) ? [] : [{ ...HOURS, value: open }]),
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

/** The gate reads any other number as none, and would ignore every opening. */
function isHours(maxHours: number): boolean {
  return Number.isInteger(maxHours) && maxHours >= 1 && maxHours <= LONGEST_OPENING_HOURS;
}

const HOURS = {
  setting: "open",
  message: `opens the gate for no number of hours that is allowed: maxHours must be a whole number from 1 to ${LONGEST_OPENING_HOURS}`,
  fix: "Set gate.open.maxHours to such a number, or gate.open to false.",
} as const;

const TASKS_STOPPED: GateContradiction = {
  setting: "mode",
  value: "audit",
  message:
    "does not fit the environment's mode, which is enforce: the gate would let a deployment start tasks, and the detector would stop them",
  allowed: "enforce; or audit with gate.acceptTasksStopped: true",
  fix: "Set gate.mode to enforce, set mode to audit, or say that this is intended: gate.acceptTasksStopped: true.",
};
