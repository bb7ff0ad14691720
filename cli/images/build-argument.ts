import { InvalidArgumentError } from "commander";

/** An argument of verifier/Dockerfile: its name and value. */
export type BuildArgument = readonly [name: string, value: string];

/** The arguments that the stack's configuration sets, with the key that sets each. */
const DECIDED: Readonly<Record<string, string>> = {
  TRUST_POLICY: "trust",
  SETTINGS: "the stack's settings",
  SETTINGS_HASH: "the stack's settings",
  PARTITION: "aws:region",
  BASE_IMAGE: "verifier.baseImage",
  GO_IMAGE: "verifier.goImage",
  NODE_IMAGE: "verifier.nodeImage",
};

/** Parses `NAME=VALUE` and adds it to the earlier values. */
export function collectBuildArgument(text: string, before: readonly BuildArgument[] = []): readonly BuildArgument[] {
  const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError("It must be NAME=VALUE, such as SIGNER_ROOTS=https://mirror.example.com.");
  }
  const key = DECIDED[name];
  if (key !== undefined) throw new InvalidArgumentError(`${name} follows from the stack's file: change ${key} there.`);
  if (before.some(([other]) => other === name)) throw new InvalidArgumentError(`${name} is given twice.`);
  return [...before, [name, value]];
}
