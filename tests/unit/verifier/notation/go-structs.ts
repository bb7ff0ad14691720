import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const program = join(__dirname, "../../../../verifier/notation");

/** All sources of the Go program, without its tests. */
const sources = readdirSync(program, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".go") && !file.endsWith("_test.go"))
  .map((file) => readFileSync(join(program, file), "utf8"));

/** A field of a struct as it stands in JSON. */
export interface GoField {
  /** `nullable`: always there, and perhaps null. */
  readonly presence: "required" | "optional" | "nullable";
  /** The type of JSON. */
  readonly type: string;
}

/** The fields that a struct of the Go program has in JSON, with those of the structs that it embeds. */
export function fieldsOf(struct: string): Readonly<Record<string, GoField>> {
  const lines = onlyMatch(new RegExp(`^type ${struct} struct \\{\\n(.*?)^\\}`, "gms")).split("\n");
  return Object.assign({}, ...lines.map(readLine));
}

function readLine(line: string): Readonly<Record<string, GoField>> {
  const [, embedded] = /^\t(\w+)$/.exec(line) ?? [];
  if (embedded !== undefined) return fieldsOf(embedded);
  const [, type, key, omitted] = /^\t\w+\s+(\S+)\s+`json:"(\w+)(,omitempty)?"`/.exec(line) ?? [];
  if (type === undefined || key === undefined) {
    assert.match(line, /^\t\/\/|^$/, "a line of a struct that is not understood");
    return {};
  }
  const presence = omitted !== undefined ? "optional" : type.startsWith("*") ? "nullable" : "required";
  return { [key]: { presence, type: jsonType(type.replace(/^\*/, "")) } };
}

function jsonType(type: string): string {
  if (type.startsWith("[]")) return "array";
  if (type === "bool") return "boolean";
  if (/^int\d*$/.test(type)) return "number";
  return type === "string" || type === "time.Time" || isNamedText(type) ? "string" : "object";
}

function isNamedText(type: string): boolean {
  return sources.some((source) => new RegExp(`^type ${type} string$`, "m").test(source));
}

/** The texts of the constants of a type, in their order. */
export function constantsOf(type: string): readonly string[] {
  const found = sources.flatMap((source) => [...source.matchAll(new RegExp(`^\\t\\w+\\s+${type}\\s+= "(.*?)"`, "gm"))]);
  return found.map(([, text = ""]) => text);
}

function onlyMatch(pattern: RegExp): string {
  const [found, ...others] = sources.flatMap((source) => [...source.matchAll(pattern)]);
  assert.ok(found?.[1] !== undefined && others.length === 0, `not exactly one match of ${pattern}`);
  return found[1];
}
