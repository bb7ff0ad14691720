import { readFileSync } from "node:fs";
// The namespace import lets the bundler drop unused code.
import * as z from "zod";
import { parseTrustDocument } from "../../trust/document";
import { expandTrustDocument, type ResolvedTrustDocument } from "../../trust/expand";
import { TrustDocumentError } from "../../trust/problem";
import { asFields, asList } from "../../trust/unchecked-value";
import type { Settings } from "./baked-settings";
import { behaviourFields } from "./behaviour-schema";
import { SETTINGS_VERSION, versionProblem } from "./settings-version";
import { canaryVariables, findingsVariable, issuesIn, readVariables, SettingsError, sharedSchema } from "./variables";

export { SettingsError } from "./variables";

/**
 * The settings file has all settings and no others: one that is missing or unknown is not a default but a sign of a file of
 * another version.
 */
const settingsSchema = z.strictObject({
  version: z.literal(SETTINGS_VERSION),
  ...behaviourFields,
  trust: z.strictObject({
    partition: z.string(),
    account: z.string(),
    region: z.string(),
    registries: z.array(z.unknown()),
    logins: z.array(z.unknown()),
    statements: z.array(z.unknown()),
    exemptions: z.array(z.unknown()),
  }),
});

/**
 * Reads the settings file of the image.
 *
 * @throws {@link SettingsError} that names the file and every key that is wrong.
 */
export function readSettings(file: string): Settings {
  try {
    return parseSettings(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new SettingsError(`${file} ${UNCONFIGURED}`);
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsError(`${file}: ${reason}`);
  }
}

const UNCONFIGURED =
  "is missing: this is a base image, without the settings and the trust policy of an environment, and it verifies nothing as it stands. Deploy with verifier.baseImage, which puts them on top of it.";

/** @throws {@link SettingsError} that says that the version is another one, or names every key that is wrong. */
export function parseSettings(value: unknown): Settings {
  // First: of another version every key may be wrong, and a list of them would not say why.
  const problem = versionProblem(asFields(value).version);
  if (problem !== undefined) throw new SettingsError(problem);
  const parsed = settingsSchema.safeParse(value);
  if (!parsed.success) throw new SettingsError(issuesIn(parsed.error));
  const { version: _, ...settings } = parsed.data;
  return { ...settings, trust: parseResolvedTrust(settings.trust) };
}

/**
 * With each login back at its registry, a resolved document is a valid document again, and expanding it changes
 * nothing.
 */
function parseResolvedTrust(
  trust: Record<string, unknown> & { account: string; region: string },
): ResolvedTrustDocument {
  const { statements, exemptions, account, region } = trust;
  const logins = new Map(asList(trust.logins).map((login) => [asFields(login).host, login]));
  const registries = asList(trust.registries).map((host) => logins.get(host) ?? host);
  try {
    // An exemption that expires later must not prevent the function from starting; it stops matching.
    const document = parseTrustDocument({ registries, statements, exemptions }, { expiredExemptions: "keep" });
    return expandTrustDocument(document, { account, region });
  } catch (error) {
    if (error instanceof TrustDocumentError) throw new SettingsError(`trust: ${error.message}`);
    throw error;
  }
}

const resourcesSchema = sharedSchema.extend({
  /** URL of the queue in which stops over budget wait. */
  POSTPONED_QUEUE_URL: z.string().regex(/^https?:\/\//, "must be the URL of an SQS queue"),
  FINDINGS: findingsVariable,
  ...canaryVariables,
});

/** The resources that every function that judges images uses. */
export type SharedResources = z.infer<typeof sharedSchema>;

/** The resources that the function that judges launches uses. */
export type Resources = z.infer<typeof resourcesSchema>;

/**
 * Reads the names of resources from environment variables.
 *
 * @throws {@link SettingsError} that names every variable that is missing or wrong.
 */
export function readResources(env: NodeJS.ProcessEnv): Resources {
  return readVariables(resourcesSchema, env);
}

/** The same without what only launches need. */
export function readSharedResources(env: NodeJS.ProcessEnv): SharedResources {
  return readVariables(sharedSchema, env);
}
