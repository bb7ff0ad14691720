import { chmod, writeFile } from "node:fs/promises";
import { DIGEST } from "./launch-events";

/**
 * Writes an executable that takes the place of the notation process: it speaks its protocol, and finds an image without
 * a signature behind every reference.
 */
export async function writeUnsignedNotation(file: string): Promise<void> {
  const plugin = { name: "made-up", version: "0" };
  const ready = { ready: true, verifier: "0", notationGo: "0", orasGo: "0", go: "0", plugin };
  const facts = { digest: DIGEST, outcome: "no-signatures", signatures: [], pages: 1 };
  const program = `#!${process.execPath}
console.log(${JSON.stringify(JSON.stringify(ready))});
const lines = require("node:readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const { id, reference } = JSON.parse(line);
  console.log(JSON.stringify({ id, reference, ...${JSON.stringify(facts)} }));
});
`;
  await writeFile(file, program);
  await chmod(file, 0o755);
}
