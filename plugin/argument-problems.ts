import * as pulumi from "@pulumi/pulumi";
import { show } from "../trust/quote";
import { suggestKey } from "../trust/suggest-key";
import type { Explanation } from "../trust/text/fixable-error";
import { KINDS, type Kind } from "./kinds";

/** A kind whose values can be checked now. */
type CheckedKind = Exclude<Kind, "input" | "word">;

const ALLOWED: Readonly<Record<CheckedKind, string>> = {
  text: "text",
  number: "a number",
  flag: "true, false",
  list: "a list of text",
};

const CHECKS: Readonly<Record<CheckedKind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  flag: (value) => typeof value === "boolean",
  list: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
};

/** What is wrong with the names and kinds of arguments. The values of those that may be secrets are not shown. */
export function argumentProblems(args: object): readonly Explanation[] {
  const given = Object.entries(args);
  return [...given.flatMap(([name, value]) => problemWith(name, value) ?? []), ...missingTrust(args)];
}

function problemWith(name: string, value: unknown): Explanation | undefined {
  const known = Object.entries(KINDS).find(([key]) => key === name);
  if (known === undefined) return unknownName(name);
  const [, kind] = known;
  if (kind === "input" || kind === "word" || CHECKS[kind](value)) return undefined;
  return withFix({ what: `${name} is ${shown(value)}.`, allowed: ALLOWED[kind] }, fixFor(kind, value));
}

function unknownName(name: string): Explanation {
  const near = suggestKey(name, Object.keys(KINDS));
  return withFix({ what: `There is no argument ${show(name, 60)}.` }, near && `Write ${near}.`);
}

function missingTrust(args: object): readonly Explanation[] {
  if ("trust" in args) return [];
  return [{ what: "trust is missing.", fix: "Give the text of a trust document: docs/trust-document.md." }];
}

/** An output may be a secret, and its value is not known here. */
export function shown(value: unknown): string {
  return pulumi.Output.isInstance(value) ? "an output of a resource, and must be known before" : show(value);
}

function fixFor(kind: CheckedKind, value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  if (kind === "list") return "Write it as a list.";
  const isMeant = kind === "flag" ? ["true", "false"].includes(value) : kind === "number" && /^\d+$/.test(value);
  return isMeant ? `Write ${value} without quotes.` : undefined;
}

function withFix(explanation: Explanation, fix: string | undefined): Explanation {
  return fix === undefined ? explanation : { ...explanation, fix };
}
