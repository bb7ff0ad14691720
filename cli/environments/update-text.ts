import type { OperationResult } from "../../automation";
import type { EnvironmentError } from "../../automation/environments/errors";
import { changesText, isTangible, resourceLine, violationText } from "./resource-line";

/** The result of a preview or an update, for people. */
export function resultText(stack: string, result: OperationResult, form: "done" | "planned"): string {
  const { changes, steps, violations } = result;
  const same = changes.same ? `, ${changes.same} the same` : "";
  // Pulumi counts them; the lines of a preview and of the progress leave them out.
  const components = steps.filter(({ resource }) => !isTangible(resource)).length;
  const among = components > 0 ? ` (${components} ${components === 1 ? "component" : "components"} among them)` : "";
  return [`${stack}: ${changesText(changes, form)}${among}${same}.`, ...violations.map(violationText)].join("\n");
}

/** Each step of a preview on a line, with the inputs that change. */
export function stepsText({ steps }: OperationResult): string {
  return steps
    .filter(
      ({ operation, resource }) => isTangible(resource) && !/^(?:create-replacement|delete-replaced)$/.test(operation),
    )
    .map(({ operation, resource, changed }) =>
      resourceLine(operation, resource, changed.length === 0 ? "" : `  [${changed.join(", ")}]`),
    )
    .join("\n");
}

/** The result of a preview or an update, for programs. */
export function resultJson(
  stack: string,
  result: OperationResult | undefined,
  error: EnvironmentError | undefined,
): object {
  return {
    stack,
    changes: result?.changes ?? null,
    steps: result?.steps ?? null,
    violations: result?.violations ?? null,
    error: errorJson(error),
  };
}

/** Why an operation on an environment failed, for programs. */
export function errorJson(error: EnvironmentError | undefined): object | null {
  if (error === undefined) return null;
  const { name: type, message, environment: _, cause: __, ...facts } = error;
  return { type, message, ...facts };
}
