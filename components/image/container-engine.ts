import { spawnSync } from "node:child_process";
import { homedir } from "node:os";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../../trust/text/fixable-error";
import { ComponentError } from "../program-error";

/** Address of a container engine, as an argument of `net.connect`. */
type Place = { readonly path: string } | { readonly host: string; readonly port: number };

/** Error codes that prove that no engine listens at an address, or none that this user may use. */
const REFUSALS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such socket",
  ENOTDIR: "there is no such socket",
  ECONNREFUSED: "nothing listens there",
  EACCES: "this user may not use it",
};

/** No container engine answers, and one is needed. The message says what to do. */
export class ContainerEngineMissingError extends ComponentError {
  override readonly name = "ContainerEngineMissingError";

  constructor(tried: readonly string[], stack: string) {
    super(
      [
        "The verifier's image is built with Docker, and no container engine answers on this machine.",
        ...tried.map((line) => `  Tried ${line}.`),
        "Do one of these:",
        "  Start Docker.",
        "  Set DOCKER_HOST to the engine's address. Pulumi's Docker provider ignores Docker contexts; the current one is at:",
        "    docker context inspect --format '{{.Endpoints.docker.Host}}'",
        "  Build the image on another machine, and name it here:",
        `    ecs-image-verification image build --stack ${stack} --repository REPOSITORY --push`,
        `    pulumi config set --stack ${stack} --path verifier.imageUri REPOSITORY@sha256:DIGEST`,
      ].join("\n"),
    );
  }

  get fault(): Fault {
    return "failure";
  }
}

/**
 * Checks whether a container engine answers at the addresses that the Docker provider uses (pulumi-docker 4.11.2:
 * `setConfiguration` in provider/provider.go, `configureDockerClient` in provider/image.go). The provider checks first of
 * all, when it is configured, and says only that there is no engine. If it is not certain that the provider would fail, this
 * check passes and leaves the answer to the provider.
 *
 * @throws {@link ContainerEngineMissingError}
 */
export function requireContainerEngine(env: NodeJS.ProcessEnv): void {
  const hosts = engineHosts(env, new pulumi.Config("docker").get("host"));
  const places = hosts.map((host) => findPlace(host, env));
  if (places.length === 0 || !places.every((place) => place !== undefined)) return;
  const codes = connectTo(places);
  const tried = hosts.map((host, index) => `${host}: ${REFUSALS[codes[index] ?? ""] ?? ""}`);
  const certain = codes.length === hosts.length && codes.every((code) => code in REFUSALS);
  if (certain) throw new ContainerEngineMissingError(tried, pulumi.getStack());
}

/** Whether a component is given a Docker provider, which has its own address of the engine. */
export function hasDockerProvider(opts: pulumi.ComponentResourceOptions = {}): boolean {
  const { provider, providers = [], parent } = opts;
  const given = [provider, ...(Array.isArray(providers) ? providers : Object.values(providers))];
  return (
    given.some((one) => docker.Provider.isInstance(one)) ||
    parent?.getProvider("docker:index/image:Image") !== undefined
  );
}

/** The addresses that the provider tries: the given one, or else those of the system and of the user. */
export function engineHosts(
  { DOCKER_HOST }: NodeJS.ProcessEnv,
  configured: string | undefined,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  const given = configured || DOCKER_HOST;
  if (given) return [given];
  // A named pipe: this check cannot tell whether an engine listens there.
  if (platform === "win32") return [];
  const own = ["run", "desktop"].map((folder) => `unix://${homedir()}/.docker/${folder}/docker.sock`);
  return ["unix:///var/run/docker.sock", ...own];
}

/** The address to connect to; undefined if connecting would prove nothing, as for SSH or behind a proxy. */
export function findPlace(host: string, env: NodeJS.ProcessEnv): Place | undefined {
  if (host.startsWith("unix:///")) return { path: host.slice("unix://".length) };
  const [, name, port] = /^tcp:\/\/([A-Za-z0-9.-]+):(\d+)$/.exec(host) ?? [];
  const proxied = Object.keys(env).some((variable) => /^(?:https?|all)_proxy$/i.test(variable));
  return name === undefined || proxied ? undefined : { host: name, port: Number(port) };
}

/** Connects to each address and prints the results: "" or the code of the error. */
const CONNECT = `
const { connect } = require("node:net");
const outcome = (place) => new Promise((done) => {
  const socket = connect(place);
  socket.once("connect", () => { socket.destroy(); done(""); }).once("error", ({ code }) => done(code));
});
Promise.all(JSON.parse(process.argv[1]).map(outcome)).then((codes) => process.stdout.write(JSON.stringify(codes)));
`;

/** The result of connecting to each address; empty if unknown. A process, because a constructor cannot await. */
function connectTo(places: readonly (Place | undefined)[]): readonly string[] {
  const args = ["--eval", CONNECT, JSON.stringify(places)];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 5000, env: {} });
  return status === 0 ? JSON.parse(stdout) : [];
}
