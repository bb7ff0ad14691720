import type { Command } from "commander";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import type { ServiceReference } from "../../verifier/src/gate/attachment/service-reference";
import { isSameCluster, parseCluster } from "../launches/verdict-options";
import { UsageError } from "../lib/errors";
import { collect } from "../lib/repeatable";
import { parseService } from "./service-argument";

/** The options that select services, beside their names. */
export interface SelectionOptions {
  readonly all?: true;
  /** Names or ARNs. */
  readonly cluster?: readonly string[];
}

/** Adds the argument and the options that select services. */
export function withSelection(command: Command): Command {
  return command
    .argument("[service...]", "the services: CLUSTER/NAME, or their ARNs", parseService)
    .option("--all", "every service, in place of naming them")
    .option(
      "--cluster <cluster>",
      "with --all: only in this cluster; may be given again",
      collect("--cluster", parseCluster, isSameCluster),
    );
}

/** @throws {@link UsageError} if no service is selected, or in two ways. */
export function checkSelection(services: readonly ServiceReference[], { all, cluster }: SelectionOptions): void {
  if (all && services.length > 0) throw new UsageError("Name services, or say --all, not both.");
  if (!all && services.length === 0) {
    throw new UsageError("Say which services: CLUSTER/NAME or their ARNs, or --all for every one.");
  }
  if (!all && cluster !== undefined) throw new UsageError("--cluster is for --all: a named service has its cluster.");
}

/** @throws {@link UsageError} for a service of another account or region than the environment's. */
export function checkPlace(
  services: readonly ServiceReference[],
  { account, region }: Pick<EnvironmentOutputs, "account" | "region">,
): void {
  for (const { service } of services) {
    const [, , , itsRegion, itsAccount] = service.split(":");
    if (itsAccount === undefined || (itsRegion === region && itsAccount === account)) continue;
    throw new UsageError(
      `${service} is of account ${itsAccount} in ${itsRegion}, the environment of ${account} in ${region}. Name services there.`,
    );
  }
}
