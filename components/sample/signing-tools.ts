import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { notationVerifier } from "../../build/go";
import { programSource } from "../../build/program";
import { PACKAGE_ROOT } from "../../package-root";
import type { Fault } from "../../trust/text/fixable-error";
import { findSignerPlugin, isExecutable } from "../../verifier/src/notation/signer-plugin";
import { ComponentError } from "../program-error";

/** The signing programs: installed on this machine, or built by its container engine from the verifier's Dockerfile. */
export type SigningTools =
  | { readonly kind: "machine"; readonly verifier: string; readonly plugin: string }
  | { readonly kind: "engine"; readonly docker: string };

/** This machine cannot sign. The message says what to install. */
export class SigningToolsMissingError extends ComponentError {
  override readonly name = "SigningToolsMissingError";

  get fault(): Fault {
    return "failure";
  }
}

const IN_IMAGE = "/opt/ecs-image-verification";
const VERIFIER = join(PACKAGE_ROOT, "verifier");

/**
 * Finds the programs that sign the sample: `notation-verifier` (the variable NOTATION_VERIFIER, on the PATH, or the prebuilt
 * one of the npm package) with the AWS Signer plugin (SIGNER_PLUGIN, or in Notation's plugin folder), or else Docker.
 *
 * @throws {@link SigningToolsMissingError}
 */
export function findSigningTools(env: NodeJS.ProcessEnv): SigningTools {
  const verifier = env.NOTATION_VERIFIER || onPath("notation-verifier", env) || prebuiltVerifier();
  const search = findSignerPlugin(env);
  if (verifier !== undefined && search.plugin !== undefined) {
    return { kind: "machine", verifier, plugin: search.plugin };
  }
  const docker = onPath("docker", env);
  const problem = docker === undefined ? "docker is not on the PATH either" : engineProblem(docker, env);
  if (docker !== undefined && problem === undefined) return { kind: "engine", docker };
  const missing =
    verifier === undefined || search.plugin !== undefined ? "notation-verifier was not found" : `the ${search.problem}`;
  throw new SigningToolsMissingError({
    what: `The sample workload cannot be signed on this machine: ${missing}, and ${problem}.`,
    fix:
      "Do one of these: install and start Docker, which then builds and runs the programs; or name them with NOTATION_VERIFIER " +
      "(built by: cd verifier/notation && go build; the npm package has it) and SIGNER_PLUGIN (installed by: " +
      "ecs-image-verification plugin install); or set sampleWorkload to false.",
  });
}

/** Why `docker` cannot reach its engine, in its own words; undefined if it can, or if it does not end in time. */
function engineProblem(docker: string, env: NodeJS.ProcessEnv): string | undefined {
  const asked = ["version", "--format", "{{.Server.Version}}"];
  const { status, stderr } = spawnSync(docker, asked, { env: env, encoding: "utf8", timeout: 10_000 });
  if (status === 0 || status === null) return undefined;
  return `docker has no engine (${stderr.trim().split("\n", 1)[0]?.slice(0, 300).replace(/\.$/, "")})`;
}

/** The package's own; the checkout has none before a build. */
function prebuiltVerifier(): string | undefined {
  const source = programSource(notationVerifier);
  return source.kind === "prebuilt" ? source.executable : undefined;
}

function onPath(program: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

/** The image to sign, and the profile to sign it with. */
export interface SigningRequest {
  /** `registry/repository@digest`. */
  readonly image: string;
  /** ARN of the signing profile. */
  readonly profile: string;
}

/** The arguments of `notation-verifier` without the image and the registry's credentials. */
export function signArguments({ profile }: Pick<SigningRequest, "profile">, plugin: string): string[] {
  return ["sign", "--profile", profile, "--plugin", plugin, "--unless-signed"];
}

/**
 * The arguments of `docker` that build an image with the signing programs, for the engine's own platform. `docker` then
 * prints the image's ID.
 *
 * @param goImage Base image instead of the Dockerfile's.
 */
export function buildArguments(goImage: string | undefined): string[] {
  const base = goImage === undefined ? [] : ["--build-arg", `GO_IMAGE=${goImage}`];
  return ["build", "--quiet", "--target", "signing", ...base, VERIFIER];
}

/** Variables with AWS credentials. They are passed by name only, so that their values do not appear in arguments. */
const PASSED_ON = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/**
 * The arguments of `docker` that sign with the programs in an image: one made for it, or a base image. The registry's credentials go to standard input, as
 * JSON.
 */
export function runArguments(image: string, request: SigningRequest): string[] {
  const bounds = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
  const passed = PASSED_ON.flatMap((name) => ["--env", name]);
  return [
    "run",
    "--rm",
    "--interactive",
    ...["--entrypoint", `${IN_IMAGE}/notation-verifier`],
    ...bounds,
    ...passed,
    image,
    ...signArguments(request, `${IN_IMAGE}/signer-plugin`),
    "--credentials-stdin",
    request.image,
  ];
}
