import { InvalidArgumentError } from "commander";

/** An argument of verifier/Dockerfile: its name and value. */
export type BuildArgument = readonly [name: string, value: string];

/** What the stack decides, and with which key. */
const DECIDED: Readonly<Record<string, string>> = {
  TRUST_POLICY: "trust",
  SETTINGS: "the stack's settings",
  SETTINGS_HASH: "the stack's settings",
  PARTITION: "aws:region",
  GO_IMAGE: "verifier.goImage",
  NODE_IMAGE: "verifier.nodeImage",
};

/** Reads `NAME=VALUE`, beside those that were given before. */
export function collectBuildArgument(text: string, before: readonly BuildArgument[] = []): readonly BuildArgument[] {
  const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError("It must be NAME=VALUE, such as SIGNER_ROOTS=https://mirror.example.com.");
  }
  const key = DECIDED[name];
  if (key !== undefined) throw new InvalidArgumentError(`${name} follows from the stack's file: change ${key} there.`);
  if (before.some(([other]) => other === name)) throw new InvalidArgumentError(`${name} stands there twice.`);
  return [...before, [name, value]];
}
