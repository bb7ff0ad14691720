import type { Command } from "commander";
import type { UpdateOptions } from "../../automation";
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

/** The options as the library has them. */
export function policyOf({ policyPack, policyPackConfig }: PolicyOptions): Pick<UpdateOptions, "policy"> {
  if (policyPack === undefined) {
    if (policyPackConfig === undefined) return {};
    throw new UsageError("--policy-pack-config needs --policy-pack DIR.");
  }
  const configuration = policyPackConfig === undefined ? {} : { configuration: policyPackConfig };
  return { policy: { pack: policyPack, ...configuration } };
}
