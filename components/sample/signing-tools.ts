import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { LAMBDA_VARIABLES } from "../../verifier/src/notation/environment";
import { signerPluginPlace } from "../../verifier/src/notation/signer-plugin";
import type { Architecture } from "../verifier-image";

/** What signs: programs on this machine, or those inside the verifier's image, by Docker. */
export type SigningTools =
  | { readonly kind: "machine"; readonly verifier: string; readonly plugin: string }
  | { readonly kind: "image"; readonly docker: string };

/** Nothing on this machine can sign. The message says what to install; Pulumi shows nothing else. */
export class SigningToolsMissingError extends RunError {
  override readonly name = "SigningToolsMissingError";

  constructor(message: string) {
    super(message);
    this.stack = message;
  }
}

const IN_IMAGE = "/opt/ecs-image-verification";
const OWN_ARCHITECTURE: Readonly<Record<string, Architecture>> = { arm64: "arm64", x64: "x86_64" };

/**
 * Looks for what signs the sample: `notation-verifier` (the variable NOTATION_VERIFIER, or on the PATH) with the AWS
 * Signer plugin (SIGNER_PLUGIN, or where Notation keeps its plugins), or Docker, if this machine can run the verifier's
 * image.
 *
 * @throws {@link SigningToolsMissingError}
 */
export function findSigningTools(
  environment: NodeJS.ProcessEnv,
  architecture: Architecture,
  processArchitecture: string = process.arch,
): SigningTools {
  const verifier = environment.NOTATION_VERIFIER || onPath("notation-verifier", environment);
  const plugin = environment.SIGNER_PLUGIN || installedPlugin(environment);
  if (verifier !== undefined && plugin !== undefined) return { kind: "machine", verifier, plugin };
  const docker = onPath("docker", environment);
  if (docker !== undefined && OWN_ARCHITECTURE[processArchitecture] === architecture) return { kind: "image", docker };
  const why =
    docker === undefined
      ? "Docker is not on the PATH either."
      : `Docker is there, but the verifier's image is for ${architecture} and this machine is ${processArchitecture}.`;
  throw new SigningToolsMissingError(
    "The sample workload cannot be signed on this machine: " +
      `${verifier === undefined ? "notation-verifier" : "the AWS Signer plugin for Notation"} was not found. ${why} ` +
      "Do one of these: name the programs with NOTATION_VERIFIER (built by: cd verifier/notation && go build) and " +
      "SIGNER_PLUGIN; or install Docker and set verifier.architecture to this machine's; or set sampleWorkload to false.",
  );
}

function installedPlugin(environment: NodeJS.ProcessEnv): string | undefined {
  const place = signerPluginPlace(environment);
  return place !== undefined && isExecutable(place) ? place : undefined;
}

function onPath(program: string, environment: NodeJS.ProcessEnv): string | undefined {
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What is signed, and with which profile. */
export interface SigningRequest {
  /** `registry/repository@digest`. */
  readonly image: string;
  /** ARN of the signing profile. */
  readonly profile: string;
  /** The verifier's image, by digest. */
  readonly verifierImage: string;
}

/** Variables that hold AWS credentials, or say where they are. Passed to Docker by name: values stay out of arguments. */
const PASSED_ON = [...LAMBDA_VARIABLES.filter((name) => name.startsWith("AWS_")), "AWS_PROFILE", "AWS_DEFAULT_REGION"];

/** The program and arguments that sign. The registry's credentials go to its standard input, as JSON. */
export function signingCommand(
  tools: SigningTools,
  { image, profile, verifierImage }: SigningRequest,
  environment: NodeJS.ProcessEnv,
): readonly [string, ...string[]] {
  const sign = (plugin: string) => ["sign", "--profile", profile, "--plugin", plugin, "--credentials-stdin", image];
  if (tools.kind === "machine") return [tools.verifier, ...sign(tools.plugin)];
  const passed = PASSED_ON.filter((name) => environment[name] !== undefined).flatMap((name) => ["--env", name]);
  const home = environment.HOME;
  const files = home === undefined ? [] : ["--volume", `${home}/.aws:/home/.aws:ro`, "--env", "HOME=/home"];
  const entry = ["--entrypoint", `${IN_IMAGE}/notation-verifier`];
  return [
    tools.docker,
    ...["run", "--rm", "--interactive", ...passed, ...files, ...entry, verifierImage],
    ...sign(`${IN_IMAGE}/signer-plugin`),
  ];
}
