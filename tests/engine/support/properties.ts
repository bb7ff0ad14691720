import { isDeepStrictEqual } from "node:util";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

/** Properties of a resource as the engine sends them: JSON, with marks for secrets and for what is unknown yet. */
export type Properties = Readonly<Record<string, unknown>>;

/** What stands in a preview for a value that only the deployment will know (`plugin.UnknownStringValue` of the engine). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Key and value by which the engine marks an object as a secret around its `value`. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export function fromStruct(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as Record<string, JavaScriptValue>);
}

/** The properties without the marks of secrets. */
export function plain(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (!isRecord(value)) return value;
  return value[SIGNATURE] === SECRET ? plainValue(value.value) : plain(value);
}

/** Whether the properties hold, at any depth, what is unknown yet. */
export function hasUnknown(value: unknown): boolean {
  if (typeof value === "string") return value === UNKNOWN;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isRecord(value) && Object.values(value).some(hasUnknown);
}

/** Names of the properties that differ. A value that is unknown yet differs from every other. */
export function differences(olds: Properties, news: Properties): string[] {
  const [before, after] = [plain(olds), plain(news)];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => hasUnknown(after[name]) || !isDeepStrictEqual(before[name], after[name])).sort();
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
