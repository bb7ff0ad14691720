import { resolve } from "node:path";
import { type OutputMap, Stack, StackNotFoundError, type UpdateSummary } from "@pulumi/pulumi/automation";
import * as z from "zod";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { requireAccount } from "./account";
import { OperationFailed } from "./errors";
import type { Changes } from "./events";
import { notFound } from "./failure";
import { type OperationOptions, type OperationResult, operationsOn } from "./operation";
import { type EnvironmentOutputs, parseEnvironmentOutputs } from "./outputs";
import { checkProject } from "./project";
import { mayBeBehind } from "./refresh";
import { type EnvironmentSettings, isInline } from "./settings";
import { unprotected, withUnprotectedFile } from "./unprotected";
import { checkPulumi, findPulumi, type Workspace } from "./workspace";

export interface UpdateOptions extends OperationOptions {
  /** A policy pack to check the program with, and its configuration; paths are relative to the working directory. */
  readonly policy?: { readonly pack: string; readonly configuration?: string };
}

export interface DestroyOptions extends OperationOptions {
  /** Also removes the stack with its history. Default: false. */
  readonly remove?: boolean;
  /**
   * Removes the protection first, by a deployment with `protect` off and `forceDelete` on. The stack's file stays as it is.
   * Default: false.
   */
  readonly unprotect?: boolean;
}

export interface DeployResult extends OperationResult {
  readonly outputs: EnvironmentOutputs;
}

/** The last operation on an environment. */
export interface LastUpdate extends Pick<UpdateSummary, "kind" | "result" | "message"> {
  readonly start: Date;
  readonly end: Date;
  readonly changes: Changes;
}

export interface EnvironmentStatus {
  /** `absent`: the stack does not exist; `empty`: the stack exists but has no resources. */
  readonly state: "absent" | "empty" | "deployed";
  /** Number of resources in the state, including Pulumi's own. */
  readonly resources: number;
  readonly lastUpdate?: LastUpdate;
  /** Recipients who get no messages because they had not confirmed at the last update; missing if there are none. */
  readonly unconfirmedRecipients?: readonly string[];
}

/** One environment and its operations, for platform tooling. Every method may throw an `EnvironmentError`. */
export interface Environment {
  readonly stack: string;
  /** Shows what `deploy` would do. */
  preview(options?: UpdateOptions): Promise<OperationResult>;
  /** Creates or updates the environment. After a failed update it refreshes the state first, unless the account is another. */
  deploy(options?: UpdateOptions): Promise<DeployResult>;
  /** The outputs of the last deployment. */
  outputs(): Promise<EnvironmentOutputs>;
  /** Destroys the environment; protected resources prevent it. See docs/teardown.md. */
  destroy(options?: DestroyOptions): Promise<OperationResult>;
  status(): Promise<EnvironmentStatus>;
}

/**
 * Returns an environment; its stack is created at the first `preview` or `deploy`.
 *
 * @throws `PulumiUnavailable` or `ConfigurationInvalid`
 */
export async function createEnvironment(settings: EnvironmentSettings): Promise<Environment> {
  const { stack } = settings;
  if (!isInline(settings)) await checkProject(settings);
  const pulumi = settings.pulumi ?? (await findPulumi(stack));
  checkPulumi(stack, pulumi);
  const { run, ask } = operationsOn(settings, pulumi);
  return {
    stack,
    outputs: () => ask("outputs", async ({ workspace }) => toOutputs(stack, await workspace.stackOutputs(stack))),
    preview: (options = {}) =>
      run("preview", options, async (context, handlers, warn) => {
        const made = await Stack.createOrSelect(stack, context.workspace);
        const refresh = await mayBeBehind("preview", made, context, handlers, warn);
        return (await made.preview({ ...handlers(), ...policyOptions(options), refresh })).changeSummary;
      }),
    async deploy(options = {}) {
      let deployed: OutputMap = {};
      const result = await run("deploy", options, async (context, handlers, warn) => {
        const made = await Stack.createOrSelect(stack, context.workspace);
        const refresh = await mayBeBehind("deploy", made, context, handlers, warn);
        const up = await made.up({ ...handlers(), ...policyOptions(options), refresh, showSecrets: false });
        deployed = up.outputs;
        return up.summary.resourceChanges;
      });
      return { ...result, outputs: toOutputs(stack, deployed) };
    },
    destroy: (options = {}) =>
      operationsOn(options.unprotect ? unprotected(settings) : settings, pulumi).run(
        "destroy",
        options,
        async (context, handlers, warn) => {
          const { workspace } = context;
          const existing = await Stack.select(stack, workspace);
          await requireAccount("destroy", existing, await workspace.stackOutputs(stack), handlers);
          if (options.unprotect) {
            // `destroy` uses the settings of the last deployment.
            const refresh = await mayBeBehind("destroy", existing, context, handlers, warn);
            await withUnprotectedFile(settings, (file) =>
              existing.up({ ...handlers(), ...file, refresh, showSecrets: false }),
            );
          }
          const { summary } = await existing.destroy({ ...handlers(), showSecrets: false });
          // The stack's file belongs to the user, who may need it again.
          if (options.remove) await workspace.removeStack(stack, { preserveConfig: true });
          return summary.resourceChanges;
        },
      ),
    status: () => ask("status", (workspace) => readStatus(stack, workspace)),
  };
}

/** @throws `EnvironmentNotFound` or `OperationFailed` */
function toOutputs(stack: string, outputs: OutputMap): EnvironmentOutputs {
  const said = Object.entries(outputs).map(([key, { value }]) => [key, value]);
  if (said.length === 0) throw notFound(stack);
  const parsed = parseEnvironmentOutputs(Object.fromEntries(said));
  if ("outputs" in parsed) return parsed.outputs;
  const message = "The outputs are not those of this version: deploy it again.";
  throw new OperationFailed(
    stack,
    "outputs",
    [message, ...parsed.problems].map((text) => ({ message: text })),
  );
}

function policyOptions({ policy }: UpdateOptions) {
  if (policy === undefined) return {};
  const { pack, configuration } = policy;
  return {
    policyPacks: [resolve(pack)],
    ...(configuration === undefined ? {} : { policyPackConfigs: [resolve(configuration)] }),
  };
}

async function readStatus(stack: string, { workspace }: Workspace): Promise<EnvironmentStatus> {
  // Pulumi shortens the names in its list: the selected stack is ours, regardless of its name there.
  const selected = await Stack.select(stack, workspace).catch(unlessNotFound);
  if (selected === undefined) return { state: "absent", resources: 0 };
  const resources = (await workspace.stack())?.resourceCount ?? 0;
  const last = await selected.info(false);
  return {
    state: resources === 0 ? "empty" : "deployed",
    resources,
    ...withoutUndefined({ lastUpdate: last && toLastUpdate(last) }),
    ...readUnconfirmed(await workspace.stackOutputs(stack)),
  };
}

/** Lenient, so that the status of an environment of another version can be read, too. */
function readUnconfirmed({ unconfirmedRecipients }: OutputMap): Pick<EnvironmentStatus, "unconfirmedRecipients"> {
  const parsed = z.array(z.string()).min(1).safeParse(unconfirmedRecipients?.value);
  return parsed.success ? { unconfirmedRecipients: parsed.data } : {};
}

function unlessNotFound(error: unknown): undefined {
  if (!(error instanceof StackNotFoundError)) throw error;
}

function toLastUpdate({ kind, result, message, startTime, endTime, resourceChanges }: UpdateSummary): LastUpdate {
  return { kind, result, message, start: startTime, end: endTime, changes: { ...resourceChanges } };
}
