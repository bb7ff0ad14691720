import { type Configuration, type ConfigurationSource, readConfiguration } from "../../../configuration/read";

/** The least that a stack must say. */
export const LEAST: Readonly<Record<string, unknown>> = {
  mode: "audit",
  trust: {
    registries: ["self"],
    statements: [{ name: "release", repositories: ["*"], identities: ["self"] }],
  },
};

export const ACCOUNT = "111122223333";
export const REGION = "eu-west-1";

/** A configuration as Pulumi hands it over: everything is text. */
export function sourceOf(
  changes: Readonly<Record<string, unknown>> = {},
  more: Partial<ConfigurationSource> = {},
): ConfigurationSource {
  const entries = Object.entries({ ...LEAST, ...changes }).filter(([, value]) => value !== undefined);
  return {
    stack: "dev",
    values: Object.fromEntries(
      entries.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    ),
    secretKeys: new Set(),
    region: REGION,
    account: ACCOUNT,
    ...more,
  };
}

export function read(
  changes: Readonly<Record<string, unknown>> = {},
  more: Partial<ConfigurationSource> = {},
): Configuration {
  return readConfiguration(sourceOf(changes, more));
}
