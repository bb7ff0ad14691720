import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const stackFile = z.object({ config: z.record(z.string(), z.unknown()) });

/** The configuration of a stack's file, as Pulumi hands it to the program: text by full key. */
export function stackFileConfig(stack: string): Record<string, string> {
  const text = readFileSync(join(__dirname, `../../../Pulumi.${stack}.yaml`), "utf8");
  const { config } = stackFile.parse(parse(text));
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
