import type * as z from "zod";
import { parseJson } from "../trust/text/parse-json";
import { orderValueHelp } from "./order-values";
import { type ConfigurationProblem, formatKey, shown } from "./problem";
import { configurationSchema } from "./schema";

/** A schema without wrappers such as default and optional. */
export function innermost(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod;
  return "innerType" in def ? innermost(def.innerType as z.core.$ZodType) : schema;
}

/**
 * Gives each value the type that its key asks for. Pulumi passes all configuration as text: a number as its digits, a
 * mapping or a list as JSON. A mapping or list that cannot be read is a problem here; any other such value stays text, which
 * the schema refuses.
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
        ...orderValueHelp(key),
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
