import { parseArgs } from "node:util";
import { type GoPlatform, RequirementMissingError } from "../go";
import { PLATFORMS } from "../package";
import { type ReleasedFile, ReleaseRefused, release } from "./release";

const OPTIONS = {
  snapshot: { type: "boolean", default: false },
  platform: { type: "string", multiple: true, default: [] as string[] },
} as const;

/** `npm run release`: makes the files of a release in dist/release, and says which. */
async function main(): Promise<void> {
  const { snapshot: isSnapshot, platform: names = [] } = parseArgs({ options: OPTIONS }).values;
  if (names.length > 0 && !isSnapshot) {
    throw new ReleaseRefused("--platform is for --snapshot: a release is for all platforms.");
  }
  const platforms = names.length === 0 ? PLATFORMS : names.map(parsePlatform);
  const say = (text: string) => process.stderr.write(`${text}\n`);
  process.stdout.write(tableOf(await release({ isSnapshot, platforms, say })));
}

function nameOf({ os, processor }: GoPlatform): string {
  return `${os}-${processor}`;
}

function parsePlatform(text: string): GoPlatform {
  const found = PLATFORMS.find((platform) => nameOf(platform) === text);
  if (found !== undefined) return found;
  throw new ReleaseRefused(`--platform ${text}: there are ${PLATFORMS.map(nameOf).join(", ")}.`);
}

function tableOf(files: readonly ReleasedFile[]): string {
  const sizes = files.map(({ bytes }) =>
    bytes < 2 ** 20 ? `${Math.ceil(bytes / 2 ** 10)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`,
  );
  const width = Math.max(...sizes.map((size) => size.length));
  return files.map(({ name }, at) => `${sizes[at]?.padStart(width)}  dist/release/${name}\n`).join("");
}

main().catch((error: Error & { readonly code?: string }) => {
  const isForPeople = error instanceof ReleaseRefused || error instanceof RequirementMissingError;
  process.stderr.write(`${isForPeople || error.code?.startsWith("ERR_PARSE_ARGS") ? error.message : error.stack}\n`);
  process.exitCode = 1;
});
