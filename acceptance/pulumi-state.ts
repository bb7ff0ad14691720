import { type PulumiCommand, Stack, StackNotFoundError } from "@pulumi/pulumi/automation";
import * as z from "zod";
import { operationsOn } from "../automation/environments/operation";
import type { ProjectSettings } from "../automation/environments/settings";
import { withWorkspace } from "../automation/environments/workspace";

/** A resource of a stack that a provider created. */
export interface StackResource {
  /** Such as `aws:sqs/queue:Queue`. */
  readonly type: string;
  /** Its name in the program. */
  readonly name: string;
  /** The provider's id: a name, an ARN or a URL. */
  readonly id: string;
}

const deployment = z.object({
  resources: z.array(z.object({ urn: z.string(), type: z.string(), id: z.string().optional() })).default([]),
});

/** Whether the backend has a stack of this name. */
export async function stackExists(settings: ProjectSettings, pulumi: PulumiCommand): Promise<boolean> {
  return withWorkspace(settings, pulumi, async ({ workspace }) => {
    try {
      await Stack.select(settings.stack, workspace);
      return true;
    } catch (error) {
      if (error instanceof StackNotFoundError) return false;
      throw error;
    }
  });
}

/** Creates the stack. Fails if a stack of this name exists. */
export async function createStack(settings: ProjectSettings, pulumi: PulumiCommand): Promise<void> {
  await withWorkspace(settings, pulumi, ({ workspace }) => Stack.create(settings.stack, workspace));
}

/** The resources of a stack, in the order of their creation, without Pulumi's own and components. */
export async function stackResources(
  settings: ProjectSettings,
  pulumi: PulumiCommand,
): Promise<readonly StackResource[]> {
  return withWorkspace(settings, pulumi, async ({ workspace }) => {
    const exported = await workspace.exportStack(settings.stack);
    return deployment.parse(exported.deployment).resources.flatMap(({ urn, type, id }) => {
      const isPulumis = type.startsWith("pulumi:");
      return id === undefined || isPulumis ? [] : [{ type, name: urn.slice(urn.lastIndexOf("::") + 2), id }];
    });
  });
}

/** The changes that a refresh of the stack would make, one line each. Changes nothing, not even the state. */
export async function findDrift(
  settings: ProjectSettings,
  pulumi: PulumiCommand,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const drift: string[] = [];
  const { changes } = await operationsOn(settings, pulumi).run(
    "preview",
    {
      signal,
      onEvent(event) {
        // A resource that is only refreshed has no event.
        if (event.type === "resource" && event.phase === "done") {
          drift.push(`${event.operation} ${event.resource.name} (${event.resource.type}): ${event.changed.join(", ")}`);
        }
      },
    },
    async ({ workspace }, handlers) => {
      const stack = await Stack.select(settings.stack, workspace);
      return (await stack.previewRefresh(handlers())).changeSummary;
    },
  );
  const counts = changesIn(changes);
  return drift.length > 0 || counts === "" ? drift : [counts];
}

/** The numbers of resources that do not stay the same, such as `1 update, 2 delete`; empty if there are none. */
export function changesIn(changes: Readonly<Record<string, number>>): string {
  return Object.entries(changes)
    .filter(([operation, count]) => operation !== "same" && count > 0)
    .map(([operation, count]) => `${count} ${operation}`)
    .join(", ");
}
