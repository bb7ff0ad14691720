import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { UpdateOptions } from "../../automation";
import { parseJson } from "../../trust/text/parse-json";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { whyUnreadable } from "../../trust/unreadable-file";
import { UsageError } from "../lib/errors";

export interface PolicyOptions {
  readonly policyPack?: string;
  readonly policyPackConfig?: string;
}

export function withPolicyOptions(command: Command): Command {
  return command
    .option("--policy-pack <dir>", "check the program with a policy pack, such as `policy`")
    .option("--policy-pack-config <file>", "the configuration of the policy pack, such as policy-prod.json");
}

/** Converts the options to those of the library. */
export function toPolicy({ policyPack, policyPackConfig }: PolicyOptions): Pick<UpdateOptions, "policy"> {
  if (policyPack === undefined) {
    if (policyPackConfig === undefined) return {};
    throw new UsageError("--policy-pack-config needs --policy-pack DIR.");
  }
  if (!["yaml", "yml", "json"].some((ending) => existsSync(join(policyPack, `PulumiPolicy.${ending}`)))) {
    throw new UsageError(`--policy-pack ${policyPack} is not a policy pack: it has no PulumiPolicy.yaml.`);
  }
  if (policyPackConfig !== undefined) checkConfiguration(policyPackConfig);
  const configuration = withoutUndefined({ configuration: policyPackConfig });
  return { policy: { pack: policyPack, ...configuration } };
}

/** Pulumi checks the file only after it has installed the pack. The pack defines its contents. */
function checkConfiguration(file: string): void {
  const option = `--policy-pack-config ${file}`;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${option} cannot be read. ${whyUnreadable(file, error)}`);
  }
  if (parseJson(text) === undefined)
    throw new UsageError(`${option} ${text.trim() === "" ? "is empty" : "is not valid JSON"}.`);
}
