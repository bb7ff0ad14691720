import * as semver from "semver";
import type { ProgramSource } from "../../build/program";
import { parseJson } from "../../trust/text/parse-json";
import { asFields } from "../../trust/unchecked-value";
import type { SignerPluginSearch } from "../../verifier/src/notation/signer-plugin";
import { printable } from "../lib/printable";
import type { ProgramOutcome } from "../lib/run-program";
import type { PluginAnswer } from "../plugin/plugin-metadata";
import { PLUGIN_VERSION } from "../plugin/release";
import { about, type Finding } from "./finding";
import { because } from "./judge-machine";
import { versionIn } from "./version";

const verifier = about({ id: "verifier", name: "Verifier program", uses: ["command-line"] });

/** The oldest Go that fetches the version that the program asks for (Go 1.21: toolchains). */
const OLDEST_GO = "1.21.0";

/**
 * The program that verifies and signs: the package's own, or the one that Go builds in the checkout.
 *
 * @param asked What the prebuilt one answers to `version`, or Go to `go version`.
 */
export function judgeVerifier(source: ProgramSource, asked: ProgramOutcome): Finding {
  if (source.kind === "none") {
    return verifier.problem(
      `this package has none for ${source.platform}`,
      "Use Linux or macOS on amd64 or arm64, or a checkout of the repository, which builds it with Go.",
    );
  }
  const said = asked.kind === "ended" && asked.code === 0 ? asked.stdout : undefined;
  if (source.kind === "prebuilt") {
    const { notationGo } = asFields(parseJson(said ?? ""));
    if (typeof notationGo === "string") return verifier.ok(`prebuilt, with notation-go ${printable(notationGo, 40)}`);
    return verifier.problem(`${source.executable} cannot be run${because(asked)}`, "Install the package again.");
  }
  const install = "Install Go 1.26 or newer: https://go.dev/dl";
  if (asked.kind === "missing") return verifier.problem("is built with Go, and Go is not on the PATH", install);
  const version = said === undefined ? undefined : versionIn(said);
  if (version === undefined)
    return verifier.problem(`is built with Go, and Go does not say its version${because(asked)}`, install);
  const go = `Go ${version.version}`;
  if (semver.lt(version, OLDEST_GO)) return verifier.problem(`is built with Go, and ${go} is too old`, install);
  return verifier.ok(`${go} builds it at the first call`);
}

const plugin = about({ id: "signer-plugin", name: "Signer plugin", uses: ["command-line"] });

const INSTALL = "Run: ecs-image-verification plugin install";

/** @param answer What the plugin that was found says of itself. */
export function judgePlugin(search: SignerPluginSearch, answer: PluginAnswer | undefined): Finding {
  if (search.plugin === undefined) return plugin.problem(`the ${search.problem}`, INSTALL);
  const { plugin: file } = search;
  if (answer?.version === undefined) {
    return plugin.problem(`${file} ${answer?.problem ?? "was not asked"}`, `${INSTALL} --force`);
  }
  const says = `${answer.version} at ${file}`;
  const version = versionIn(answer.version);
  const isOlder = version === undefined || semver.lt(version, PLUGIN_VERSION);
  return isOlder
    ? plugin.warning(
        `${says}; the verifier image has ${PLUGIN_VERSION}`,
        `For the same: ecs-image-verification plugin install --force`,
      )
    : plugin.ok(says);
}
