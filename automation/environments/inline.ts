import type { LocalWorkspaceOptions, PulumiFn } from "@pulumi/pulumi/automation";
import { NAMESPACE } from "../../configuration/problem";
import type { ConfigurationSource } from "../../configuration/read";
import { SECRET_KEYS } from "../../configuration/schema";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { type InlineSettings, stackName } from "./settings";

/** The configuration as the program reads it: strings by key, as Pulumi would pass them. */
export function inlineSource(settings: InlineSettings, account: string): ConfigurationSource {
  const { region, configuration } = settings;
  const given = Object.entries(configuration).filter(([, value]) => value !== undefined);
  return {
    stack: stackName(settings),
    region,
    account,
    values: Object.fromEntries(
      given.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    ),
    secretKeys: new Set(SECRET_KEYS),
  };
}

/**
 * The program of an environment, to run in this process. It contains the settings, so that no secret goes through Pulumi's
 * configuration, whose values the Automation API writes on the command line of the CLI.
 *
 * @param failed Called with the error that the program throws; Pulumi returns only its text.
 */
export function inlineProgram(settings: InlineSettings, failed: (error: unknown) => void): PulumiFn {
  return async () => {
    try {
      // The variables that the CLI and its plugins get; this process has only some of them.
      const machine = { ...process.env, ...settings.variables };
      return await loadProgram()((account) => inlineSource(settings, account), machine);
    } catch (error) {
      failed(error);
      throw error;
    }
  };
}

/** The project and the stack's file, without which the CLI and the AWS provider do not work; there are no secrets in them. */
export function inlineFiles({ stack, region, tags }: InlineSettings): LocalWorkspaceOptions {
  const config = withoutUndefined({ "aws:region": region, "aws:defaultTags": tags && { tags } });
  return {
    projectSettings: { name: NAMESPACE, runtime: "nodejs", main: process.cwd() },
    stackSettings: { [stack]: { config } },
  };
}

/** The AWS resources take a second to load, and only an operation that runs the program needs them. */
function loadProgram() {
  const { environmentProgram } = require("../../configuration/program") as typeof import("../../configuration/program");
  return environmentProgram;
}
