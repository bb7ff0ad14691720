import type { PulumiCommand } from "@pulumi/pulumi/automation";
import type { EnvironmentConfiguration } from "../../configuration/environment-configuration";

export type { EnvironmentConfiguration };

interface CommonSettings {
  /** Name of the stack: `prod`, or with the organization and the project `acme/ecs-image-verification/prod`. */
  readonly stack: string;
  /**
   * Variables for Pulumi in addition to those of this process, such as `PULUMI_BACKEND_URL`, `PULUMI_CONFIG_PASSPHRASE` and
   * `AWS_PROFILE`. They are passed to the CLI as environment variables, never as arguments.
   */
  readonly variables?: Readonly<Record<string, string>>;
  /** The Pulumi CLI. Default: `pulumi` on the PATH. */
  readonly pulumi?: PulumiCommand;
}

/** An environment of a project folder: its `Pulumi.<stack>.yaml` is the configuration, and `pulumi up` works on it too. */
export interface ProjectSettings extends CommonSettings {
  /** Folder with `Pulumi.yaml`. */
  readonly folder: string;
}

/** An environment configured from TypeScript. It uses no files: these settings are complete. */
export interface InlineSettings extends CommonSettings {
  /** AWS region, such as `eu-west-1`. */
  readonly region: string;
  /** Secrets in it leave this process only for Pulumi's engine, which encrypts them in the state. */
  readonly configuration: EnvironmentConfiguration;
  /** Tags for all created resources. */
  readonly tags?: Readonly<Record<string, string>>;
}

export type EnvironmentSettings = ProjectSettings | InlineSettings;

/** The stack's name without organization and project, as the program knows it. */
export function stackName({ stack }: Pick<CommonSettings, "stack">): string {
  return stack.slice(stack.lastIndexOf("/") + 1);
}

export function isInline(settings: EnvironmentSettings): settings is InlineSettings {
  return "configuration" in settings;
}
