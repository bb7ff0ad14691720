import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { parseReference } from "../../trust/reference";
import { allowedEnvironment, OPERATOR_VARIABLES } from "../../verifier/src/notation/environment";
import type { RegistryCredentials } from "../../verifier/src/registry/ecr-credentials";
import { ecrLogin } from "./ecr-login";
import { findSigningTools, signingCommand } from "./signing-tools";
import { runCommand, variable } from "./variable";

// A command of the deployment: signs IMAGE with PROFILE_ARN. VERIFIER_IMAGE and VERIFIER_ARCHITECTURE say what Docker
// may use for it. Prints what notation-verifier says of the signature.
void runCommand(async () => {
  const architecture = variable("VERIFIER_ARCHITECTURE") === "arm64" ? "arm64" : "x86_64";
  const tools = findSigningTools(process.env, architecture);
  const request = {
    image: variable("IMAGE"),
    profile: variable("PROFILE_ARN"),
    verifierImage: variable("VERIFIER_IMAGE"),
  };
  const { registry } = parseReference(request.image);
  const credentials = await ecrLogin(registry);
  const [program, ...args] = signingCommand(tools, request, process.env);
  if (tools.kind === "machine") {
    return run(program, args, JSON.stringify(credentials), allowedEnvironment(process.env, OPERATOR_VARIABLES));
  }
  return withDockerLogin(tools.docker, registry, credentials, (environment) =>
    run(program, args, JSON.stringify(credentials), environment),
  );
});

/** Logs Docker in for the time of `work` only: what the user has stored is left alone. */
async function withDockerLogin(
  docker: string,
  registry: string,
  { username, password }: RegistryCredentials,
  work: (environment: NodeJS.ProcessEnv) => Promise<string>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ecs-image-verification-docker-"));
  try {
    // The engine in use is a setting of the folder that is left.
    const host = process.env.DOCKER_HOST ?? (await engineAddress(docker));
    const environment = { ...process.env, DOCKER_CONFIG: folder, DOCKER_HOST: host };
    await run(docker, ["login", "--username", username, "--password-stdin", registry], password, environment);
    return await work(environment);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function engineAddress(docker: string): Promise<string> {
  const format = ["--format", "{{.Endpoints.docker.Host}}"];
  const { stdout } = await promisify(execFile)(docker, ["context", "inspect", ...format]);
  return stdout.trim();
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
