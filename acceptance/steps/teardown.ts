import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../context";
import { leftOver } from "../left-over";
import { stackResources } from "../pulumi-state";
import { defineStep } from "../step";

/** Queues and tables stay visible for up to a minute after their removal (SQS API reference, DeleteQueue). */
const LIMIT_MS = 3 * 60_000;
const POLL_MS = 5_000;

/** Removes everything and checks that it is gone. */
export const teardown = defineStep({
  id: "teardown",
  title: "Take everything down",
  proves: "`destroy` removes the environment with its images, and nothing is left in the account.",
  needs: [],
  settles: [],
  always: true,
  async run(context: Context) {
    const { settings, pulumi, made, clients, note } = context;
    if (made.left().length === 0) return { text: "Nothing was created.", assumptions: {} };
    // Resources created by a failed deployment are recorded only in the state.
    const resources = await stackResources(settings, pulumi).catch(() => context.found.resources ?? []);
    const failures = await made.removeAll();
    for (const { made, error } of failures) note(`  ${made.what}: ${error instanceof Error ? error.message : error}`);
    if (failures.length > 0) {
      note("  Trying again:");
      const again = await made.removeAll();
      if (again.length > 0) {
        throw new Error(
          again.map(({ made, error }) => `${made.what}: ${error instanceof Error ? error.message : error}`).join("\n"),
        );
      }
    }
    const deadline = Date.now() + LIMIT_MS;
    for (;;) {
      const { left, looked, unknown } = await leftOver(clients, resources);
      const but = unknown.length === 0 ? "" : ` Could not be checked: ${unknown.join("; ")}.`;
      if (left.length === 0) {
        return {
          text: `${resources.length} resources were removed. ${looked} of them were looked for in AWS, and none is left.${but}`,
          assumptions: {},
        };
      }
      if (Date.now() >= deadline) {
        throw new Error(`These are left in AWS: ${left.map(({ type, id }) => `${id} (${type})`).join(", ")}.${but}`);
      }
      await sleep(POLL_MS);
    }
  },
});
