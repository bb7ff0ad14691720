import { Command } from "commander";
import { withHelp } from "../lib/help";
import { imageBuildCommand } from "./image-build";

/** `image`: the verifier's own image. */
export function imageCommand(): Command {
  const command = new Command("image")
    .description("Build the verifier's own image, for environments that are deployed without Docker.")
    .helpCommand(false)
    .addCommand(imageBuildCommand());
  return withHelp(command, {
    examples: [
      "ecs-image-verification image build --stack dev",
      "ecs-image-verification image build --stack prod --repository 111122223333.dkr.ecr.eu-west-1.amazonaws.com/verifier --push",
    ],
    exitCodes: ["those of build", "64 the call cannot be used"],
  });
}
