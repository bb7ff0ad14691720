import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { parseReference } from "../../trust/reference";
import { allowedEnvironment, OPERATOR_VARIABLES } from "../../verifier/src/notation/environment";
import { awsCredentials, ecrLogin } from "./ecr-login";
import { buildArguments, findSigningTools, runArguments, signArguments } from "./signing-tools";
import { runCommand, variable } from "./variable";

// A command of the deployment: signs IMAGE with PROFILE_ARN, unless that profile has signed it. GO_IMAGE is the base image
// if the programs have to be built. Prints what notation-verifier says of the signature.
void runCommand(async () => {
  const tools = findSigningTools(process.env);
  const request = { image: variable("IMAGE"), profile: variable("PROFILE_ARN") };
  const login = JSON.stringify(await ecrLogin(parseReference(request.image).registry));
  if (tools.kind === "machine") {
    const environment = allowedEnvironment(process.env, OPERATOR_VARIABLES);
    return run(tools.verifier, signArguments(request, tools.plugin), login, environment);
  }
  const environment = engineEnvironment();
  const image = await run(tools.docker, buildArguments(process.env.GO_IMAGE || undefined), "", environment);
  return run(tools.docker, runArguments(image.trim(), request), login, {
    ...environment,
    // Profiles, roles and logins of this machine are not to be had inside a container.
    ...(await awsCredentials()),
  });
});

/** The engine's own platform and its own builder, whatever the user has chosen for other builds. */
function engineEnvironment(): NodeJS.ProcessEnv {
  const { DOCKER_DEFAULT_PLATFORM: _, BUILDX_BUILDER: __, ...others } = process.env;
  return { ...others, DOCKER_BUILDKIT: "1" };
}

async function run(
  program: string,
  args: readonly string[],
  input: string,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const child = spawn(program, args, { env: environment, stdio: ["pipe", "pipe", "pipe"] });
  // A program that ends early says why on its standard error.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(`${program} ${args[0]} ended with code ${code}: ${errors.trim()}`);
  return output;
}
