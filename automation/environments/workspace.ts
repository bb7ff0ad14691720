import { resolve } from "node:path";
import { CommandError, LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import { temporaryFolder } from "../../verifier/src/temporary-folder";
import { PulumiUnavailable } from "./errors";
import { inlineFiles, inlineProgram } from "./inline";
import { MINIMAL_PULUMI } from "./minimal-pulumi";
import { type EnvironmentSettings, isInline } from "./settings";

/** The context of one operation. */
export interface Workspace {
  readonly workspace: LocalWorkspace;
  /** What the program threw, if it ran in this process. */
  programError(): unknown;
}

/**
 * Checks whether a Pulumi CLI is new enough, since the Automation API accepts any CLI of its major version.
 *
 * @throws {@link PulumiUnavailable}
 */
export function checkPulumi(environment: string, { version }: PulumiCommand): void {
  if (version !== null && version.compare(MINIMAL_PULUMI) >= 0) return;
  const found = version === null ? "of an unknown version" : version.toString();
  throw new PulumiUnavailable(
    environment,
    `The Pulumi CLI is ${found}: ${MINIMAL_PULUMI} or newer is needed. Install it: https://www.pulumi.com/docs/install/`,
  );
}

/**
 * The Pulumi CLI on the PATH.
 *
 * @throws {@link PulumiUnavailable}
 */
export async function findPulumi(environment: string): Promise<PulumiCommand> {
  try {
    return await PulumiCommand.get();
  } catch (error) {
    const missing = error instanceof CommandError && error.message.includes("ENOENT");
    const message = missing
      ? "The Pulumi CLI was not found on the PATH. Install it: https://www.pulumi.com/docs/install/"
      : `The Pulumi CLI cannot be used: ${error instanceof Error ? error.message : error}`;
    throw new PulumiUnavailable(environment, message, { cause: error });
  }
}

/**
 * Runs `work` with a workspace. For an inline environment it is a temporary folder, which is removed afterwards: all of its
 * contents come from the settings.
 */
export async function withWorkspace<T>(
  settings: EnvironmentSettings,
  pulumiCommand: PulumiCommand,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  // The current stack is stored per folder, and others may work in the folder, too.
  const common = { pulumiCommand, envVars: { ...settings.variables, PULUMI_STACK: settings.stack } };
  if (!isInline(settings)) {
    const workspace = await LocalWorkspace.create({ ...common, workDir: resolve(settings.folder) });
    return work({ workspace, programError: () => undefined });
  }
  const folder = temporaryFolder();
  try {
    let programError: unknown;
    const program = inlineProgram(settings, (error) => {
      programError = error;
    });
    const workspace = await LocalWorkspace.create({
      ...common,
      ...inlineFiles(settings),
      program,
      workDir: folder.path,
    });
    return await work({ workspace, programError: () => programError });
  } finally {
    folder.remove();
  }
}

/** The name of the workspace's stack with organization and project; undefined if Pulumi does not report it. */
export async function fullNameIn({ workspace }: Workspace): Promise<string | undefined> {
  // The CLI has a variable for each of its options (its `declareFlagsAsEnvironmentVariables`).
  workspace.envVars = { ...workspace.envVars, PULUMI_OPTION_FULLY_QUALIFY_STACK_NAMES: "true" };
  const current = await workspace.stack().catch(() => undefined);
  return current?.name;
}
