import { Command } from "commander";
import type { EnvironmentStatus, LastUpdate } from "../../automation";
import { withHelp } from "../lib/help";
import { type EnvironmentsOptions, inOrder, withEnvironmentsOptions } from "./environments";
import { changesText } from "./resource-line";
import { errorJson } from "./update-text";

/** `status`: whether environments are there, and how their last update went. */
export function statusCommand(): Command {
  const command = new Command("status").description(
    "Say whether environments are there, and how their last update went.",
  );
  withEnvironmentsOptions(command).option("--json", "print one JSON document a stack");
  return withHelp(command, {
    examples: [
      "ecs-image-verification status --stack dev --stack prod",
      "ecs-image-verification status --stack prod --json",
    ],
    exitCodes: ["0 done", "2 Pulumi failed", "64 the call or the project cannot be used", "130 interrupted"],
  }).action((options: EnvironmentsOptions) =>
    inOrder(options, {
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
    }),
  );
}

const STATES: Readonly<Record<EnvironmentStatus["state"], string>> = {
  absent: "not there",
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
    `  Warning: ${recipients.join(", ")} had not confirmed at the last update, and may be told of nothing.`,
    "  docs/operations.md, Recipients who have not confirmed.",
  ];
}
