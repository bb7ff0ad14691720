import { Command } from "commander";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { CHANGE_EXIT_CODES, CHANGE_RIGHTS, withChangeOptions } from "./change-options";

/** `gate detach`: takes the gate's hook away from services. */
export function detachCommand(): Command {
  const command = withChangeOptions(new Command("detach"))
    .description("Take the deployment gate away from ECS services.")
    .action(lazily(() => (require("./change-action") as typeof import("./change-action")).detachGate));
  return withHelp(command, {
    notes: `It takes only the gate's lifecycle hook away and leaves those of others as they are and in their order. It starts no
deployment. A service that is being deployed is left as it is: end the deployment first. --all is about every cluster of
the account and region, whether the environment watches it or not.

Pulumi's AWS provider cannot remove lifecycle hooks, so this command must run before the gate is removed from an
environment: a service that has the hook of a function that is gone cannot be deployed any more. Where the keeper
attaches the gate (\`gate.attach\`), it leaves a service alone from which the hook was taken away, and says so.

${CHANGE_RIGHTS}`,
    examples: [
      "ecs-image-verification gate detach shop/web --stack prod",
      "ecs-image-verification gate detach --all --stack prod --dry-run",
      "ecs-image-verification gate detach --all --outputs outputs.json --yes --json",
    ],
    exitCodes: CHANGE_EXIT_CODES,
  });
}
