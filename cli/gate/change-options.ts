import type { Command } from "commander";
import type { ServiceReference } from "../../verifier/src/gate/attachment/service-reference";
import { type DeployedOptions, withDeployedOptions } from "../environments/deployed-options";
import { parseCluster } from "../launches/verdict-options";
import { repeatable } from "../lib/repeatable";
import { parseService } from "./service-argument";

/** The options of `gate attach` and `gate detach`. */
export interface ChangeCommandOptions extends DeployedOptions {
  readonly all?: true;
  readonly cluster?: readonly string[];
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** What the command is called with. */
export type ChangeCall = [services: readonly ServiceReference[] | undefined, options: ChangeCommandOptions];

/** Adds the arguments and options of {@link ChangeCall}. */
export function withChangeOptions(command: Command): Command {
  return withDeployedOptions(command)
    .argument("[service...]", "the services: CLUSTER/NAME, or their ARNs", parseService)
    .option("--all", "every service, in place of naming them")
    .option("--cluster <cluster>", "with --all: only in this cluster; may be given again", repeatable(addCluster))
    .option("--dry-run", "show what would be done and change nothing")
    .option("--yes", "do not ask before changing every service")
    .option("--json", "print one JSON document for each service");
}

function addCluster(text: string, others: readonly string[] = []): readonly string[] {
  return [...others, parseCluster(text)];
}

/** The exit codes of both commands. */
export const CHANGE_EXIT_CODES: readonly string[] = [
  "0 every service is as wanted, or, with --all, is one that cannot have the hook; always, for a successful dry run",
  "1 a service that was named is left as it was, or one has ten Lambda hooks of others: the table says which and why",
  "2 a call failed, or a service has other hooks afterwards than were written; what was done before stays",
  "64 the call or the outputs cannot be used, the environment has no gate, or the answer was not yes",
  "75 a service is being deployed and is left as it was: call this again later; it goes on with what is left",
  "130 interrupted, after the service at work; call this again, and it goes on with what is left",
];

export const CHANGE_RIGHTS = `It needs ecs:ListClusters and ecs:ListServices (with --all), ecs:DescribeServices and ecs:UpdateService, and iam:PassRole
for ecs.amazonaws.com on the gate's invoker role and on the roles of other hooks of these services.`;
