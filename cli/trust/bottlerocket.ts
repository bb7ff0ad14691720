import { Command } from "commander";
import { bottlerocketSettings, bottlerocketToml } from "../../trust/bottlerocket";
import type { Exemption } from "../../trust/document";
import { quote } from "../../trust/quote";
import { type Help, withHelp } from "../lib/help";
import { readTrustFile } from "./file";
import { TRUST_FILE, type TrustOptions, withTrustOptions } from "./options";
import { placeTrust, whollyKnown } from "./resolve";

/** What EC2 takes as user data, in bytes before base64 (Amazon EC2 user guide, "Run commands at launch"). */
const USER_DATA_LIMIT = 16 * 1024;

const HELP: Help = {
  notes: `Bottlerocket for ECS (variants aws-ecs-3 from 1.51.0 on, and aws-ecs-4) verifies images when it pulls them, and
refuses those that Notation does not trust. Print the setting into the user data of the nodes; it comes from the
same trust document as the verifier, so print it again when that changes.

The node knows statements only. An image that is exempt is refused like any other unsigned one, and so is one of a
registry that is not listed unless somebody trusted has signed it. There is no audit: try it on one node first.

For a node that runs, give apiclient on it what --json prints, in quotes:
  apiclient set --json '{"image-verifier-plugins":{...}}'

Inferred (bottlerocket-role), not confirmed: the node's role needs signer:GetRevocationStatus and read access to the ECR
repositories, and images that AWS itself adds to tasks are verified like any other if the node pulls them.`,
  examples: [
    "ecs-image-verification bottlerocket trust.yaml --account 111122223333 --region eu-west-1 >> user-data.toml",
    "ecs-image-verification bottlerocket Pulumi.prod.yaml --account 111122223333 --signing-profile arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release",
    "ecs-image-verification bottlerocket trust.yaml --json",
  ],
  exitCodes: [
    "0 printed",
    "64 the call or the file cannot be used, or something in it is not known; nothing is printed",
  ],
};

/** `bottlerocket`: the trust document as a setting of Bottlerocket. */
export function bottlerocketCommand(): Command {
  const command = withTrustOptions(
    new Command("bottlerocket")
      .description("Print the setting that makes Bottlerocket nodes verify images.")
      .argument("<file>", TRUST_FILE),
  )
    .option("--json", "print JSON, for `apiclient set --json`, in place of TOML")
    .action(bottlerocket);
  return withHelp(command, HELP);
}

async function bottlerocket(file: string, options: TrustOptions & { readonly json?: true }): Promise<void> {
  const trust = whollyKnown(placeTrust(await readTrustFile(file), options));
  const settings = bottlerocketSettings(trust);
  const text = options.json ? JSON.stringify(settings) : bottlerocketToml(settings);
  for (const note of nodeNotes(trust.exemptions, Buffer.byteLength(bottlerocketToml(settings)))) {
    process.stderr.write(`${note}\n`);
  }
  process.stdout.write(`${text}\n`);
}

/** What whoever sets this up must know: `bytes` is the size of the setting as TOML. */
export function nodeNotes(exemptions: readonly Exemption[], bytes: number): readonly string[] {
  return [
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
