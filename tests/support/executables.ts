import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes a shell script that can be run, with the folders above it. */
export async function writeShellScript(file: string, body: string): Promise<string> {
  return writeExecutable(file, `#!/bin/sh\n${body}\n`);
}

/** Writes a Node program (CommonJS) that can be run, also without PATH. */
export async function writeNodeProgram(file: string, body: string): Promise<string> {
  return writeExecutable(file, `#!${process.execPath}\n${body}\n`);
}

async function writeExecutable(file: string, text: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  await chmod(file, 0o755);
  return file;
}
