import { Command } from "commander";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { CHANGE_EXIT_CODES, CHANGE_RIGHTS, withChangeOptions } from "./change-options";

/** `gate attach`: gives services the gate's hook. */
export function attachCommand(): Command {
  const command = withChangeOptions(new Command("attach"))
    .description("Attach the deployment gate to ECS services that exist.")
    .action(lazily(() => (require("./change-action") as typeof import("./change-action")).attachGate));
  return withHelp(command, {
    notes: `It adds the gate's lifecycle hook to each service, beside the hooks that the service has, and starts no deployment: the
gate is asked from the next deployment on. A service that has the hook already is not touched, so that the same call
goes on where an earlier one ended. One service a second is changed, since ECS allows five changes a second to the whole
account.

Services are left as they are that are not active, have another deployment controller than ECS, have ten Lambda hooks of
others, or are being deployed. --all is about the clusters that the environment watches, and leaves services of Express
Mode and of the scheduling strategy DAEMON alone: name them.

Each service is read again just before and after its change. If it then has other hooks than were written, the run stops
and shows both.

${CHANGE_RIGHTS}`,
    examples: [
      "ecs-image-verification gate attach shop/web shop/api --stack prod",
      "ecs-image-verification gate attach --all --stack prod --dry-run",
      "ecs-image-verification gate attach --all --cluster shop --outputs outputs.json --yes --json",
    ],
    exitCodes: CHANGE_EXIT_CODES,
  });
}
