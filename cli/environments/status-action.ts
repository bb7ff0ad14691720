import type { EnvironmentStatus, LastUpdate } from "../../automation";
import { inOrder } from "./environments";
import type { EnvironmentsOptions } from "./environments-options";
import { changesText } from "./resource-line";
import { errorJson } from "./update-text";

/** Prints whether each environment exists and how its last update ended. */
export function status(options: EnvironmentsOptions): Promise<void> {
  return inOrder(options, {
    run: (environment) => environment.status(),
    text: (stack, { state, resources, lastUpdate, unconfirmedRecipients }) =>
      [
        `${stack}: ${STATES[state]}${state === "deployed" ? `, ${resources} resources` : ""}${lastText(lastUpdate)}`,
        ...unconfirmedLines(unconfirmedRecipients),
      ].join("\n"),
    json: (stack, status: EnvironmentStatus | undefined, error) => ({
      stack,
      state: status?.state ?? null,
      resources: status?.resources ?? null,
      lastUpdate: status?.lastUpdate ?? null,
      unconfirmedRecipients: status?.unconfirmedRecipients ?? [],
      error: errorJson(error),
    }),
  });
}

const STATES: Readonly<Record<EnvironmentStatus["state"], string>> = {
  absent: "does not exist",
  empty: "empty",
  deployed: "deployed",
};

function lastText(last: LastUpdate | undefined): string {
  if (last === undefined) return "";
  return `; last ${last.kind} ${last.result} at ${last.end.toISOString()} (${changesText(last.changes, "done")})`;
}

function unconfirmedLines(recipients: readonly string[] = []): readonly string[] {
  if (recipients.length === 0) return [];
  return [
    `  Warning: ${recipients.join(", ")} had not confirmed at the last update, and may get no messages.`,
    "  docs/operations.md, Recipients who have not confirmed.",
  ];
}
