import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { quote } from "../../trust/quote";
import { parseJson } from "../../trust/text/parse-json";
import { UsageError } from "../lib/errors";

/** What an entry of `auths` may have. Docker writes `auth`, the others are read by it as well. */
const entrySchema = z.object({
  /** Base64 of `user:password`. */
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
});

/** What is not there may be null as well, as Docker reads it. */
function orElse<Value>(schema: z.ZodType<Value>, otherwise: Value) {
  return schema.nullish().transform((value) => value ?? otherwise);
}

const configSchema = z.object({
  auths: orElse(z.record(z.string(), entrySchema), {}),
  credHelpers: orElse(z.record(z.string(), z.string()), {}),
  credsStore: orElse(z.string(), ""),
});

/** The logins of Docker's configuration, and the names of the helpers that have logins. */
export interface DockerConfig extends z.infer<typeof configSchema> {
  /** The file that it was read from. */
  readonly file: string;
}

export type DockerConfigEntry = z.infer<typeof entrySchema>;

/**
 * Docker's configuration file: `config.json` in the folder that `DOCKER_CONFIG` names, else in `~/.docker` (Docker CLI
 * reference, "Configuration files").
 */
export function findDockerConfig(env: NodeJS.ProcessEnv): string {
  return join(env.DOCKER_CONFIG || join(homedir(), ".docker"), "config.json");
}

/**
 * Reads the logins of Docker's configuration; undefined if there is no such file. No error has anything of its contents
 * but the names of keys.
 *
 * @throws UsageError if it cannot be read.
 */
export function readDockerConfig(file: string): DockerConfig | undefined {
  const text = readText(file);
  if (text === undefined) return undefined;
  const value = parseJson(text);
  if (value === undefined) throw unusable(file, "Docker's configuration is not JSON.");
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return { file, ...parsed.data };
  const path = parsed.error.issues[0]?.path.map(String) ?? [];
  const where = path.length === 0 ? "" : ` at ${quote(path.join("."))}`;
  throw unusable(file, `Docker's configuration has another form than Docker's${where}.`);
}

/** The error that names the file, and what can be done instead of mending it. */
export function unusable(file: string, what: string): UsageError {
  return new UsageError({
    where: file,
    what,
    allowed: "JSON with `auths`, `credHelpers` and `credsStore`, as `docker login` writes it",
    fix: "Log in with `docker login` again, give the login with --username, or set DOCKER_CONFIG to an empty folder to go without Docker's logins.",
  });
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw unusable(file, `Docker's configuration cannot be read (${code}).`);
  }
}
