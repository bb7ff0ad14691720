import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { parseReference } from "../../trust/reference";
import { runNotation } from "../../verifier/src/notation/command";
import { operatorEnvironment } from "../../verifier/src/notation/environment";
import type { RegistryCredentials } from "../../verifier/src/notation/protocol";
import { signingAnswerSchema } from "../../verifier/src/notation/sign-protocol";
import { awsCredentials, ecrLogin } from "./ecr-login";
import {
  buildArguments,
  findSigningTools,
  runArguments,
  type SigningRequest,
  type SigningTools,
  signArguments,
} from "./signing-tools";
import { runCommand, variable } from "./variable";

// A command of the deployment: signs IMAGE with PROFILE_ARN, unless that profile has signed it already. Where the programs
// are not here, they are those of BASE_IMAGE, a base image of the verifier, or else built with GO_IMAGE. Prints notation-verifier's answer.
void runCommand(async () => {
  const tools = findSigningTools(process.env);
  const request = { image: variable("IMAGE"), profile: variable("PROFILE_ARN") };
  const credentials = await ecrLogin(parseReference(request.image).registry);
  return tools.kind === "machine"
    ? signHere(tools, request, credentials)
    : signInContainer(tools, request, credentials);
});

type On<Kind> = Extract<SigningTools, { readonly kind: Kind }>;

async function signHere(
  { verifier, plugin }: On<"machine">,
  request: SigningRequest,
  credentials: RegistryCredentials,
): Promise<string> {
  const command = {
    executable: verifier,
    args: signArguments(request, plugin),
    reference: request.image,
    credentials,
    environment: operatorEnvironment(process.env),
  };
  const answer = await runNotation(command, signingAnswerSchema);
  if ("error" in answer) {
    throw new Error(`${request.image} was not signed with ${request.profile}: ${answer.error.detail}`);
  }
  return `${JSON.stringify(answer)}\n`;
}

async function signInContainer(
  { docker }: On<"engine">,
  request: SigningRequest,
  credentials: RegistryCredentials,
): Promise<string> {
  const environment = engineEnvironment();
  const { BASE_IMAGE, GO_IMAGE } = process.env;
  const image = BASE_IMAGE || (await run(docker, buildArguments(GO_IMAGE || undefined), "", environment));
  return run(docker, runArguments(image.trim(), request), JSON.stringify(credentials), {
    ...environment,
    // Resolved here, since a container has no access to this machine's AWS profiles, roles and logins.
    ...(await awsCredentials()),
  });
}

/** The environment for `docker` with the engine's own platform and builder, whatever the user has set for other builds. */
function engineEnvironment(): NodeJS.ProcessEnv {
  const { DOCKER_DEFAULT_PLATFORM: _, BUILDX_BUILDER: __, ...others } = process.env;
  return { ...others, DOCKER_BUILDKIT: "1" };
}

async function run(program: string, args: readonly string[], input: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(program, args, { env: env, stdio: ["pipe", "pipe", "pipe"] });
  // A program that exits early closes its input. The reason is in its standard error.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(`${program} ${args[0]} ended with code ${code}: ${errors.trim()}`);
  return output;
}
