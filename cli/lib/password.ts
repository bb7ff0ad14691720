import { text } from "node:stream/consumers";
import type { RegistryCredentials } from "../../verifier/src/notation/protocol";
import { UsageError } from "./errors";

/** The credentials of a user whose password is read from standard input. */
export async function readPassword(username: string, registry: string): Promise<RegistryCredentials> {
  if (process.stdin.isTTY) process.stderr.write(`Password of ${username} at ${registry} (end with Ctrl-D): `);
  const password = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (password === "") throw new UsageError("--username needs the password on standard input, but it is empty.");
  return { username, password };
}
