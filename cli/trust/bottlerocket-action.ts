import { bottlerocketSettings, bottlerocketToml } from "../../trust/bottlerocket";
import type { ResolvedTrustDocument } from "../../trust/expand";
import { quote } from "../../trust/quote";
import { readTrustFile } from "./file";
import type { TrustOptions } from "./options";
import { placeTrust, whollyKnown } from "./resolve";

/** The size limit of EC2 user data, in bytes before base64 (Amazon EC2 user guide, "Run commands at launch"). */
const USER_DATA_LIMIT = 16 * 1024;

/** Prints the setting, and setup notes for administrators on standard error. */
export async function bottlerocket(file: string, options: TrustOptions & { readonly json?: true }): Promise<void> {
  const trust = whollyKnown(placeTrust(await readTrustFile(file), options));
  const settings = bottlerocketSettings(trust);
  const text = options.json ? JSON.stringify(settings) : bottlerocketToml(settings);
  for (const note of nodeNotes(trust, Buffer.byteLength(bottlerocketToml(settings)))) {
    process.stderr.write(`${note}\n`);
  }
  process.stdout.write(`${text}\n`);
}

/** Setup notes for administrators. `bytes` is the size of the setting as TOML. */
export function nodeNotes(
  { exemptions, statements }: Pick<ResolvedTrustDocument, "exemptions" | "statements">,
  bytes: number,
): readonly string[] {
  return [
    ...statements.flatMap(({ signaturesFrom, repositories }) =>
      signaturesFrom === undefined
        ? []
        : [
            `Note: the node does not read signatures in ${quote(signaturesFrom)}: it refuses to pull from ${repositories.join(", ")} unless the signatures are there, too.`,
          ],
    ),
    ...exemptions.map(
      ({ image, expires }) =>
        `Note: the node does not know the exemption of ${quote(image)} (until ${expires}) and refuses to pull it unless it is signed.`,
    ),
    ...(bytes > USER_DATA_LIMIT
      ? [
          `Note: the setting has ${bytes} bytes, and EC2 takes ${USER_DATA_LIMIT} bytes of user data. Use --json with apiclient, or fewer repositories and identities.`,
        ]
      : []),
  ];
}
