import { Command } from "commander";
import { withDeployedOptions } from "../environments/deployed-options";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { JUDGING_RIGHTS, withJudgingOptions } from "./judging-options";
import { withSelection } from "./selection";

/** `gate status`: what the gate does for services, and what it did last. */
export function statusCommand(): Command {
  const command = withSelection(withDeployedOptions(new Command("status")))
    .description("Show whether services are gated, why a deployment was refused, and whether they are ready.")
    .option("--ready", "find out whether the gate can enforce: judges as `gate check` does");
  withJudgingOptions(command)
    .option("--json", "print one JSON document for each service")
    .action(lazily(() => (require("./status-action") as typeof import("./status-action")).status));
  return withHelp(command, {
    notes: `ECS says of a refused deployment only that a lifecycle hook failed, and of a first one that there is no rollback
candidate. Below the table stands what the gate has recorded about the last deployment, if that did not succeed.

A service is ready to be enforced if the gate is attached, running and previous revision are trusted, and in the last
14 days the gate recorded no denial, no verdict that stayed inconclusive, and no error of its own about this service.
Without --ready, nothing is judged.

It needs ecs:DescribeServices and ecs:ListServiceDeployments, with --all ecs:ListClusters and ecs:ListServices;
logs:FilterLogEvents on the log group of the gate; for openings in force dynamodb:Scan on the table of the orders and
kms:Decrypt on their key. What may not be read is left out and named. With --ready it needs as well
${JUDGING_RIGHTS}.`,
    examples: [
      "ecs-image-verification gate status shop/web --stack prod",
      "ecs-image-verification gate status --all --outputs outputs.json --json",
      "ecs-image-verification gate status --all --cluster shop --stack prod --ready",
    ],
    exitCodes: [
      "0 shown; with --ready, every service is ready",
      "1 with --ready: a service is not ready",
      "2 something could not be found out, or a call failed",
      "64 the call or the outputs cannot be used, the environment has no gate, or there is no such service",
    ],
  });
}
