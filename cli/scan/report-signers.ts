import type { ImageGroup } from "../../verifier/src/sweep/group-images";
import { builtVerifier } from "../images/built-verifier";
import { allAwsRoots, withRootsFile } from "../images/read-signatures";
import { findSignerPlugin } from "../images/signer-plugin";
import { chooseRoots } from "../images/trust-store";
import { count } from "../lib/count";
import { CommandFailedError } from "../lib/errors";
import { EXIT } from "../lib/exit-code";
import { writeNewFile } from "../lib/new-file";
import { readSigners, type SignedImage } from "./read-signers";
import { type ScanOptions, suggestionFile } from "./scan-options";
import { imageJson, runningLine, type Scanned, scanJson, unreadLines } from "./scan-output";
import { imageState } from "./signers";
import {
  problemLines,
  signedJson,
  signedTable,
  signersTable,
  sortSigned,
  stateCounts,
  unknownSignerLines,
} from "./signers-text";
import { suggestTrust } from "./suggest-trust";

/** Lists who signed what runs, and judges nothing; writes a trust document if one is asked for. Sets the exit code. */
export async function reportSigners(
  scanned: Scanned,
  groups: readonly ImageGroup[],
  options: ScanOptions,
): Promise<void> {
  const { running, account } = scanned;
  const images = sortSigned(groups.length === 0 ? [] : await read(groups, options));
  if (options.json) {
    const documents = images.map((image) => ({ ...imageJson(image.group), ...signedJson(image) }));
    process.stdout.write(`${scanJson(scanned, documents)}\n`);
  } else if (images.length > 0) {
    const tables = [signedTable(images, scanned), ...problemLines(images), "", signersTable(images, account), ""];
    process.stdout.write(tables.join("\n"));
  }
  const said = runningLine(running, `${count(images.length, "image")}: ${stateCounts(images)}`);
  const unknown = unknownSignerLines(images, knownAccounts(scanned, options));
  process.stderr.write([...unreadLines(running), said, ...unknown, ""].join("\n"));
  const isOpen = running.unread.length > 0 || images.some((image) => imageState(image) === "unknown");
  process.exitCode = isOpen ? EXIT.inconclusive : EXIT.trusted;
  if (options.suggest !== undefined) await suggest(options.suggest, images, scanned, options);
}

async function read(groups: readonly ImageGroup[], options: ScanOptions): Promise<readonly SignedImage[]> {
  const { timeout, signerEndpoint, plainHttp } = options;
  const plugin = findSignerPlugin(options.plugin, process.env);
  const roots = await chooseRoots(options.trustStore, allAwsRoots);
  const executable = await builtVerifier();
  return withRootsFile(roots, (file) =>
    readSigners(groups, { executable, roots: file, plugin, timeout, signerEndpoint, plainHttp }),
  );
}

/** The account of what runs, and those that are named. */
function knownAccounts({ account }: Scanned, options: ScanOptions): readonly string[] {
  return [...new Set([...(account === undefined ? [] : [account]), ...(options.account ?? [])])];
}

/** @throws `CommandFailedError` if nothing is signed that a document could trust. */
async function suggest(
  file: string,
  images: readonly SignedImage[],
  scanned: Scanned,
  options: ScanOptions,
): Promise<void> {
  const { regions } = scanned;
  const accounts = knownAccounts(scanned, options);
  const text = suggestTrust(images, { accounts, regions, now: new Date() });
  if (text === undefined) {
    const of = accounts.length === 0 ? "" : ` by a profile of ${accounts.join(", ")}`;
    throw new CommandFailedError(
      `Nothing that runs has a valid signature${of}, and a trust document must trust somebody: ${file} was not written. Sign an image first (\`sign --help\`), or name the account of the profiles with --account.`,
    );
  }
  await writeNewFile(suggestionFile(file, options), text);
  process.stderr.write(`Wrote ${file}: read it, then: ecs-image-verification trust check ${file}\n`);
}
