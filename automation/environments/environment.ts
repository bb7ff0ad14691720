import { resolve } from "node:path";
import { type OutputMap, Stack, StackNotFoundError, type UpdateSummary } from "@pulumi/pulumi/automation";
import * as z from "zod";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { OperationFailed } from "./errors";
import type { Changes } from "./events";
import { notFound } from "./failure";
import { type OperationOptions, type OperationResult, operationsOn } from "./operation";
import { type EnvironmentOutputs, parseEnvironmentOutputs } from "./outputs";
import { checkProject } from "./project";
import { type EnvironmentSettings, isInline } from "./settings";
import { unprotected, withUnprotectedFile } from "./unprotected";
import { checkPulumi, findPulumi, type Workspace } from "./workspace";

export interface UpdateOptions extends OperationOptions {
  /** A policy pack to check the program with, and its configuration; paths are relative to the working directory. */
  readonly policy?: { readonly pack: string; readonly configuration?: string };
}

export interface DestroyOptions extends OperationOptions {
  /** Removes the stack with its history as well. Default: false. */
  readonly remove?: boolean;
  /**
   * Takes the protection off first, by a deployment with `protect` off and `forceDelete` on. The stack's file stays as it is.
   * Default: false.
   */
  readonly unprotect?: boolean;
}

export interface DeployResult extends OperationResult {
  readonly outputs: EnvironmentOutputs;
}

/** The last thing that was done with an environment. */
export interface LastUpdate extends Pick<UpdateSummary, "kind" | "result" | "message"> {
  readonly start: Date;
  readonly end: Date;
  readonly changes: Changes;
}

export interface EnvironmentStatus {
  /** `absent`: there is no stack; `empty`: there is one, and nothing in it. */
  readonly state: "absent" | "empty" | "deployed";
  /** Number of resources in the state, Pulumi's own among them. */
  readonly resources: number;
  readonly lastUpdate?: LastUpdate;
  /** Who is told of nothing, since they had not confirmed at the last update; missing if that is nobody. */
  readonly unconfirmedRecipients?: readonly string[];
}

/** One environment, and what platform tooling does with it. Every method may throw an `EnvironmentError`. */
export interface Environment {
  readonly stack: string;
  /** Says what `deploy` would do. */
  preview(options?: UpdateOptions): Promise<OperationResult>;
  /** Makes or changes the environment. After an update that failed it reads first what there is. */
  deploy(options?: UpdateOptions): Promise<DeployResult>;
  /** What the last deployment said of the environment. */
  outputs(): Promise<EnvironmentOutputs>;
  /** Removes all of it; what is protected stops that. docs/teardown.md. */
  destroy(options?: DestroyOptions): Promise<OperationResult>;
  status(): Promise<EnvironmentStatus>;
}

/**
 * An environment to work with; its stack is made at the first `preview` or `deploy`.
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
      run("preview", options, async ({ workspace }, handlers, warn) => {
        const made = await Stack.createOrSelect(stack, workspace);
        const refresh = await mayBeBehind(made, warn);
        return (await made.preview({ ...handlers(), ...policyOptions(options), refresh })).changeSummary;
      }),
    async deploy(options = {}) {
      let deployed: OutputMap = {};
      const result = await run("deploy", options, async ({ workspace }, handlers, warn) => {
        const made = await Stack.createOrSelect(stack, workspace);
        const refresh = await mayBeBehind(made, warn);
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
        async ({ workspace }, handlers, warn) => {
          const existing = await Stack.select(stack, workspace);
          if (options.unprotect) {
            // Destroying goes by what was deployed last.
            const refresh = await mayBeBehind(existing, warn);
            await withUnprotectedFile(settings, (file) =>
              existing.up({ ...handlers(), ...file, refresh, showSecrets: false }),
            );
          }
          const { summary } = await existing.destroy({ ...handlers(), showSecrets: false });
          // The stack's file is the user's, and may be wanted again.
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
  const message = "They are not those of this version: deploy it again.";
  throw new OperationFailed(
    stack,
    "outputs",
    [message, ...parsed.problems].map((text) => ({ message: text })),
  );
}

/**
 * Whether a stack may be behind its state: the last thing that was done with it failed. The AWS provider records a change
 * that failed as if it had not (pulumi/pulumi#1836, hashicorp/terraform-provider-aws#49310): only a look at what there is
 * shows what is left to do. That it shows the function's image is inferred (refresh-reads-image).
 */
async function mayBeBehind(stack: Stack, warn: (message: string) => void): Promise<boolean> {
  const last = await stack.info(false);
  if (last === undefined || last.result === "succeeded") return false;
  warn(
    `The last ${last.kind} of ${stack.name} did not succeed. What there is in AWS is read first, as --refresh does.`,
  );
  return true;
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
  // Pulumi shortens the names in its list: the stack is the one that is selected, whatever it is called there.
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

/** Read leniently: the status of an environment of another version can be asked as well. */
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
