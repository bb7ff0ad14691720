import type * as z from "zod";
import { innermost } from "./decode";
import { configurationSchema } from "./schema";

/** One key of the configuration. */
export interface ConfigurationKey {
  /** Such as `notifications.email[].address`. */
  readonly path: string;
  /** The default of the key, if it has one. */
  readonly default: unknown;
  readonly required: boolean;
}

/** All keys, parents before children. */
export function configurationKeys(): readonly ConfigurationKey[] {
  return listKeys(configurationSchema, "");
}

function listKeys(schema: z.core.$ZodType, prefix: string): readonly ConfigurationKey[] {
  const inner = innermost(schema);
  if (isObject(inner)) {
    return Object.entries(inner._zod.def.shape).flatMap(([name, field]) => {
      const path = prefix === "" ? name : `${prefix}.${name}`;
      const children = listKeys(field, path);
      // A mapping is not listed itself: its keys explain it.
      return children.length > 0 && isObject(innermost(field)) ? children : [keyFor(path, field), ...children];
    });
  }
  return isArray(inner) ? listKeys(inner._zod.def.element, `${prefix}[]`) : [];
}

function keyFor(path: string, field: z.core.$ZodType): ConfigurationKey {
  const { def, optin } = field._zod;
  const value = "defaultValue" in def ? def.defaultValue : undefined;
  return { path, default: value, required: value === undefined && optin !== "optional" };
}

/** The keys that the mapping at a path may have. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  const at = path.reduce<z.core.$ZodType>((schema, step) => {
    const inner = mappingIn(schema);
    if (isArray(inner)) return inner._zod.def.element;
    const field = isObject(inner) ? inner._zod.def.shape[String(step)] : undefined;
    return field ?? schema;
  }, configurationSchema);
  const inner = mappingIn(at);
  return isObject(inner) ? Object.keys(inner._zod.def.shape) : [];
}

/**
 * Finds where a misplaced key belongs. Of the keys outside of lists, the first rule with a match decides: the whole path is
 * `name`, the last part of the path is `name`, or the path ends with `name`. Undefined if not exactly one key matches.
 */
export function findKeyPath(name: string): string | undefined {
  // Without --path, `pulumi config set` uses a whole path as the name of a key.
  const written = name.toLowerCase().replace(/\[[0-9]+\]/g, "");
  const places = mappingPaths(configurationSchema, []).map((path) => path.join("."));
  const among = (isIt: (place: string) => boolean) => places.filter((place) => isIt(place.toLowerCase()));
  const whole = among((place) => place === written);
  const named = whole.length > 0 ? whole : among((place) => place.endsWith(`.${written}`));
  // Such as `webhookUrl` for `slackWebhookUrl`. A shorter name would match the end of too many paths.
  const found = named.length > 0 || written.length < 5 ? named : among((place) => place.endsWith(written));
  return found.length === 1 ? found[0] : undefined;
}

/** The path of every key that is not inside a list, mappings included. */
function mappingPaths(schema: z.core.$ZodType, prefix: readonly string[]): readonly (readonly string[])[] {
  const inner = mappingIn(schema);
  if (!isObject(inner)) return [];
  return Object.entries(inner._zod.def.shape).flatMap(([name, field]) => {
    const path = [...prefix, name];
    return [path, ...mappingPaths(field, path)];
  });
}

/** The value that a schema is about; of a key that may be a mapping or something else, the mapping. */
function mappingIn(schema: z.core.$ZodType): z.core.$ZodType {
  const inner = innermost(schema);
  return isUnion(inner) ? (inner._zod.def.options.find(isObject) ?? inner) : inner;
}

function isUnion(schema: z.core.$ZodType): schema is z.core.$ZodUnion {
  return schema._zod.def.type === "union";
}

function isObject(schema: z.core.$ZodType): schema is z.core.$ZodObject {
  return schema._zod.def.type === "object";
}

function isArray(schema: z.core.$ZodType): schema is z.core.$ZodArray {
  return schema._zod.def.type === "array";
}
