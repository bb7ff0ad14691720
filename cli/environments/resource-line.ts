import type { OperationResult, Resource, Violation } from "../../automation";

const SIGNS: ReadonlyMap<string, string> = new Map([
  ["create", "+"],
  ["update", "~"],
  ["replace", "±"],
  ["create-replacement", "+"],
  ["delete", "-"],
  ["delete-replaced", "-"],
]);

/** The longest type of this program in its short form is `aws:lambda:FunctionEventInvokeConfig`. */
const TYPE_WIDTH = 36;

/** `~ update   aws:lambda:Function  verifier-function  [imageUri]`: Pulumi's signs and its short form of types. */
export function resourceLine(operation: string, { type, name }: Resource, more = ""): string {
  const sign = SIGNS.get(operation) ?? " ";
  return `  ${sign} ${operation.padEnd(7)} ${shortType(type).padEnd(TYPE_WIDTH)} ${name}${more}`;
}

/** Whether a resource exists in AWS or on this machine, and is not a component that only groups others. */
export function isTangible({ type }: Resource): boolean {
  return !/^(?:pulumi:pulumi:Stack|ecs-image-verification:components:|awsx:)/.test(type);
}

/** What an operation did or would do: `46 to create, 2 to update`. */
export function changesText(changes: OperationResult["changes"], form: "done" | "planned"): string {
  const counted = Object.entries(changes).filter(([operation, count]) => operation !== "same" && count > 0);
  if (counted.length === 0) return "nothing changes";
  return counted
    .map(([operation, count]) => `${count} ${form === "done" ? (PAST[operation] ?? operation) : `to ${operation}`}`)
    .join(", ");
}

const PAST: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  read: "read",
};

/** A policy violation as a few lines. */
export function violationText({ level, policy, resource, message }: Violation): string {
  const [first = "", ...rest] = message.split("\n");
  return [
    `  ${level} ${policy}: ${resource?.name ?? "the stack"}: ${first}`,
    ...rest.map((line) => `    ${line}`),
  ].join("\n");
}

/** `aws:lambda/function:Function` without the redundant part: `aws:lambda:Function`. */
function shortType(type: string): string {
  return type.replace(/^([^:]+):([^:/]+)\/[^:]+:/, "$1:$2:");
}
