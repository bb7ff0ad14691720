import * as semver from "semver";
import { MINIMAL_PULUMI } from "../../automation/environments/minimal-pulumi";
import { parseJson } from "../../trust/text/parse-json";
import { asFields } from "../../trust/unchecked-value";
import { printable } from "../lib/printable";
import type { ProgramOutcome } from "../lib/run-program";
import { about, EVERY_USE, type Finding } from "./finding";
import { satisfies, versionIn } from "./version";

const node = about({ id: "node", name: "Node.js", uses: EVERY_USE });

/** What package.json takes (engines): 20 from 20.19 on, of which npm warns because Pulumi wants more, and 22.12 and newer. */
const NODE = { wanted: ">=22.12.0", works: "^20.19.0" };

/** @param version Such as "22.12.0". */
export function judgeNode(version: string): Finding {
  const install = "Install Node.js 22.12 or newer: https://nodejs.org/en/download";
  if (semver.satisfies(version, NODE.wanted)) return node.ok(version);
  return semver.satisfies(version, NODE.works)
    ? node.warning(`${version} works, and npm warns of it`, install)
    : node.problem(`${version} is too old`, install);
}

const machine = about({ id: "machine", name: "Machine", uses: EVERY_USE });

/** Whether this kind of machine has programs, and builds images. */
export function judgeMachine(platform: string, processor: string): Finding {
  const says = `${platform} on ${processor}`;
  if (platform !== "linux" && platform !== "darwin") {
    return machine.problem(
      `${says} is not supported`,
      "Use Linux or macOS; on Windows, WSL (https://learn.microsoft.com/windows/wsl/install).",
    );
  }
  if (processor === "x64" || processor === "arm64") return machine.ok(says);
  return machine.problem(`${says} is not supported`, "Use a machine with an x64 or arm64 processor.");
}

const pulumi = about({ id: "pulumi", name: "Pulumi CLI", uses: ["deployment"] });

/**
 * @param outcome Of `pulumi version`.
 * @param requirement What Pulumi.yaml says under requiredPulumiVersion.
 */
export function judgePulumi(outcome: ProgramOutcome, requirement: string | undefined): Finding {
  const install = "Install it: https://www.pulumi.com/docs/install/";
  if (outcome.kind === "missing") return pulumi.problem("is not on the PATH", install);
  const version = outcome.kind === "ended" && outcome.code === 0 ? versionIn(outcome.stdout) : undefined;
  if (version === undefined) return pulumi.problem(`does not say its version${because(outcome)}`, install);
  const says = version.version;
  if (semver.lt(version, MINIMAL_PULUMI))
    return pulumi.problem(`${says} is too old: ${MINIMAL_PULUMI} or newer is needed`, install);
  const fits = requirement === undefined ? true : satisfies(version, requirement);
  if (fits === false) {
    return pulumi.problem(`${says} is not what Pulumi.yaml requires: ${printable(requirement ?? "", 60)}`, install);
  }
  if (fits === undefined) {
    return pulumi.warning(`${says}; whether Pulumi.yaml takes it (${printable(requirement ?? "", 60)}), Pulumi says`);
  }
  return pulumi.ok(says);
}

const docker = about({ id: "docker", name: "Docker", uses: ["deployment"] });

/** The first major version of Docker's client that builds with buildx only (its release notes of 23.0). */
const NEEDS_BUILDX = 23;
const ELSEWHERE = "Or let another machine build the image, and name it in verifier.imageUri: docs/image.md.";

/** The answers of `docker version` as JSON, and of `docker buildx version`. */
export interface DockerAnswers {
  readonly version: ProgramOutcome;
  readonly buildx: ProgramOutcome;
}

/** @param isNeeded Whether the stack builds something with it. */
export function judgeDocker({ version, buildx }: DockerAnswers, isNeeded: boolean): Finding {
  if (!isNeeded) return docker.ok("is not needed: the stack has an image that was built elsewhere, and no sample");
  if (version.kind === "missing") {
    return docker.problem(
      "is not on the PATH",
      `Install Docker with buildx: https://docs.docker.com/get-docker/. ${ELSEWHERE}`,
    );
  }
  if (version.kind !== "ended")
    return docker.problem(`does not answer${because(version)}`, `Start Docker. ${ELSEWHERE}`);
  const { Client: client, Server: server } = asFields(parseJson(version.stdout));
  const says = `client ${printable(String(asFields(client).Version ?? "of an unknown version"))}`;
  if (version.code !== 0 || server === null) {
    return docker.problem(`${says}; no engine answers${because(version)}`, `Start Docker. ${ELSEWHERE}`);
  }
  const hasBuildx = buildx.kind === "ended" && buildx.code === 0;
  const major = versionIn(says)?.major ?? 0;
  if (!hasBuildx && major >= NEEDS_BUILDX) {
    return docker.problem(
      `${says} has no buildx, and needs it to build with BuildKit`,
      `Install docker-buildx-plugin of Docker's own repositories, or docker-buildx of your distribution. ${ELSEWHERE}`,
    );
  }
  return docker.ok(`${says}, with ${hasBuildx ? "buildx" : "BuildKit of its own"}; the engine answers`);
}

/** Why a program did not do what was asked, in its own words. */
export function because(outcome: ProgramOutcome): string {
  if (outcome.kind === "late") return " in time";
  if (outcome.kind === "refused") return ` (${outcome.why})`;
  if (outcome.kind === "missing") return " (it is not there)";
  const [line = ""] = outcome.stderr.trim().split("\n", 1);
  return line === "" ? "" : ` (${printable(line, 200).replace(/\.$/, "")})`;
}
