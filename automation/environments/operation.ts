import { ConcurrentUpdateError, type EngineEvent, type OpMap, type PulumiCommand } from "@pulumi/pulumi/automation";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { type Operation, OperationCancelled } from "./errors";
import { type Changes, type EnvironmentEvent, environmentEvent, type ResourceEvent, type Violation } from "./events";
import { toError } from "./failure";
import type { EnvironmentSettings } from "./settings";
import { fullNameIn, type Workspace, withWorkspace } from "./workspace";

export interface OperationOptions {
  /** Called with each step as it happens. */
  readonly onEvent?: (event: EnvironmentEvent) => void;
  /** Cancels the operation like a single Ctrl-C: the providers are asked to stop, and no new step is started. */
  readonly signal?: AbortSignal;
}

/** What an operation did, or in a preview would do. */
export interface OperationResult {
  /** Numbers of resources by operation, `same` included. */
  readonly changes: Changes;
  /** Each resource that changes, in the order of the work. */
  readonly steps: readonly Pick<ResourceEvent, "operation" | "resource" | "changed">[];
  /** Violations of advisory policies. */
  readonly violations: readonly Violation[];
}

/** The options that an engine operation passes to the Automation API. */
export interface Handlers {
  readonly onEvent: (event: EngineEvent) => void;
  readonly signal?: AbortSignal;
}

/** The two kinds of operations on an environment. Both throw typed errors. */
export function operationsOn(settings: EnvironmentSettings, pulumi: PulumiCommand) {
  const environment = settings.stack;

  /** Calls the Automation API and turns its errors, which are mostly text, into typed ones. */
  async function ask<T>(
    operation: Operation,
    work: (workspace: Workspace) => Promise<T>,
    events: readonly EnvironmentEvent[] = [],
    signal?: AbortSignal,
  ): Promise<T> {
    return withWorkspace(settings, pulumi, async (workspace) => {
      try {
        return await work(workspace);
      } catch (error) {
        const programError = workspace.programError();
        const cancelled = signal?.aborted ?? false;
        const fullName = error instanceof ConcurrentUpdateError ? await fullNameIn(workspace) : undefined;
        throw toError({ environment, fullName, operation, error, events, programError, cancelled });
      }
    });
  }

  /** Runs the engine and collects its events. */
  async function run(
    operation: Operation,
    { onEvent, signal }: OperationOptions,
    work: (
      workspace: Workspace,
      handlers: () => Handlers,
      warn: (message: string) => void,
    ) => Promise<OpMap | undefined>,
  ): Promise<OperationResult> {
    const events: EnvironmentEvent[] = [];
    const tell = (event: EnvironmentEvent) => {
      events.push(event);
      onEvent?.(event);
    };
    const warn = (message: string) => tell({ type: "message", severity: "warning", message });
    const handlers = (): Handlers => {
      // The Automation API listens to a signal only once the engine runs, and misses an earlier abort.
      if (signal?.aborted) throw new OperationCancelled(environment, operation, { cause: signal.reason });
      return {
        onEvent: (engineEvent) => {
          const event = environmentEvent(engineEvent);
          if (event !== undefined) tell(event);
        },
        ...withoutUndefined({ signal }),
      };
    };
    const changes = await ask(operation, (workspace) => work(workspace, handlers, warn), events, signal);
    return toResult({ ...changes }, events);
  }

  return { ask, run };
}

function toResult(changes: Changes, events: readonly EnvironmentEvent[]): OperationResult {
  const steps = events.flatMap((event) => {
    if (event.type !== "resource" || event.phase !== "started") return [];
    const { operation, resource, changed } = event;
    return [{ operation, resource, changed }];
  });
  return { changes, steps, violations: events.flatMap((event) => (event.type === "violation" ? [event] : [])) };
}
