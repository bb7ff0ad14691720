import type * as z from "zod";
import { parseJson } from "../trust/text/parse-json";
import { type ConfigurationProblem, formatKey, shown } from "./problem";
import { configurationSchema } from "./schema";

/** The value that a schema is about, without default and optional. */
export function innermost(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod;
  return "innerType" in def ? innermost(def.innerType as z.core.$ZodType) : schema;
}

/**
 * Pulumi hands all configuration over as text: a number as its digits, a mapping or list as JSON. Gives each value the
 * type that its key asks for; what cannot be read that way stays text and fails at the schema, or is a problem here.
 */
export function decode(texts: Readonly<Record<string, string>>, secretKeys: ReadonlySet<string>) {
  const problems: ConfigurationProblem[] = [];
  const entries = Object.entries(texts).map(([key, text]): readonly [string, unknown] => {
    const type = findType(key);
    if (type === "object" || type === "array") {
      const value = parseJson(text);
      if (typeof value === "object" && value !== null) return [key, value];
      const what = type === "object" ? "a mapping" : "a list";
      problems.push({
        key: formatKey([key]),
        value: shown(text, key, secretKeys),
        message: `must be ${what}`,
        fix: `Write it as ${what} in the stack's file, or set single values with: pulumi config set --path '${key}...' VALUE`,
      });
      return [key, undefined];
    }
    return [key, type === "string" || type === "enum" ? text : (parseJson(text) ?? text)];
  });
  return { value: Object.fromEntries(entries), problems };
}

function findType(key: string): string {
  const field: z.core.$ZodType | undefined = (configurationSchema.shape as Record<string, z.core.$ZodType>)[key];
  return field === undefined ? "string" : innermost(field)._zod.def.type;
}
