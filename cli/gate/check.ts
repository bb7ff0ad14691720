import { Command } from "commander";
import { withDeployedOptions } from "../environments/deployed-options";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { JUDGING_RIGHTS, withJudgingOptions } from "./judging-options";
import { withSelection } from "./selection";

/** `gate check`: what the gate would say about the services as they are. */
export function checkCommand(): Command {
  const command = withJudgingOptions(withSelection(withDeployedOptions(new Command("check"))))
    .description("Judge what services run now and the revision before it, as the gate would.")
    .option("--json", "print one JSON document for each container")
    .action(lazily(() => (require("./check-action") as typeof import("./check-action")).check));
  return withHelp(command, {
    notes: `For the time before the gate is attached, or enforces: what is denied here would be refused at the next deployment of
the same images, and so would the way back to the revision before. It judges on this machine, with the trust document of
the stack or of --trust, the orders of the moment of the environment, and your own credentials, and changes nothing. Each
digest is judged once. \`self\` in the trust document is what the environment's outputs say.

A denied image that a service runs already is let through by the gate when exactly the same is deployed again
(\`already-running\`), unless it is blocked or its signature revoked, or the launch detector enforces. Do not rely on it:
the next image of the same origin is refused.

It needs ecs:DescribeServices, ecs:ListServiceDeployments, with --all ecs:ListClusters and ecs:ListServices, and
${JUDGING_RIGHTS}.`,
    examples: [
      "ecs-image-verification gate check shop/web shop/api --stack prod",
      "ecs-image-verification gate check --all --stack prod",
      "ecs-image-verification gate check --all --cluster shop --outputs outputs.json --json",
    ],
    exitCodes: [
      "0 everything is trusted or exempt",
      "1 any image is denied: the gate would refuse it",
      "2 no image is denied, but something could not be found out; or a call failed",
      "64 the call, the outputs, the trust document or the trust store cannot be used, or there is no such service",
    ],
  });
}
