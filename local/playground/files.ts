import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { SampleProfiles } from "./samples";
import type { PlaygroundSettings } from "./settings";
import { PLAYGROUND_VARIABLE } from "./variable";

const DAY_MS = 24 * 60 * 60_000;

/** The files of a playground. */
export interface PlaygroundFiles {
  /** The trust document. */
  readonly trust: string;
  /** The outputs of a deployed environment. */
  readonly outputs: string;
  /** For a shell to read: `. FILE`. */
  readonly shell: string;
}

export interface FileContents extends Omit<PlaygroundSettings, "trustStore"> {
  readonly account: string;
  readonly rootPem: string;
  readonly profiles: SampleProfiles;
  /** An image that the trust document exempts, by its digest. */
  readonly exempted: string;
  /** The folder with the command line's executable. */
  readonly binFolder: string;
}

/** Writes what the commands are given, into a folder that only this user can read. */
export function writePlaygroundFiles(folder: string, contents: FileContents): PlaygroundFiles {
  const { account, rootPem, profiles, exempted, binFolder, ...reached } = contents;
  const trustStore = join(folder, "trust-store");
  mkdirSync(trustStore);
  writeFileSync(join(trustStore, "root.pem"), rootPem);
  const settings: PlaygroundSettings = { ...reached, trustStore };
  const files = {
    trust: join(folder, "trust.yaml"),
    outputs: join(folder, "outputs.json"),
    shell: join(folder, "env.sh"),
  };
  const settingsFile = join(folder, "playground.json");
  writeFileSync(settingsFile, JSON.stringify(settings, undefined, 2));
  writeFileSync(files.trust, trustText(settings.registry, profiles, exempted));
  writeFileSync(files.outputs, JSON.stringify(outputsOf(settings, account, profiles), undefined, 2));
  writeFileSync(files.shell, shellText({ folder, settingsFile, binFolder }));
  return files;
}

function trustText(registry: string, { release, approval }: SampleProfiles, exempted: string): string {
  const document = {
    registries: [registry],
    statements: [
      { name: "release", repositories: ["*"], identities: [release.arn] },
      {
        name: "payments",
        repositories: [`${registry}/pay`],
        require: [{ identities: [release.arn] }, { identities: [approval.arn] }],
      },
    ],
    exemptions: [
      {
        image: exempted,
        owner: "platform-team",
        reason: "vendor image, not signed by us",
        expires: new Date(Date.now() + 90 * DAY_MS).toISOString().slice(0, 10),
      },
    ],
  };
  return `# Whom the playground trusts. Change it, and verify again.\n${stringify(document, { lineWidth: 0 })}`;
}

/** As the outputs of a stack: the names of what is not played are there because an environment has them. */
function outputsOf({ registry, region }: PlaygroundSettings, account: string, { release }: SampleProfiles): object {
  return {
    environment: "playground",
    account,
    region,
    mode: "audit",
    registry,
    signingProfileArn: release.arn,
    functionName: "playground",
    logGroup: "/aws/lambda/playground",
    ledgerTable: "ledger",
    ordersTable: "orders",
    ordersKeyArn: `arn:aws:kms:${region}:${account}:key/0d990263-018e-4e65-a703-eff731de951e`,
    exemptionHours: 8,
    failureQueue: "failures",
    deadLetterQueue: "dead-letters",
    unconfirmedRecipients: [],
  };
}

function shellText(paths: { readonly folder: string; readonly settingsFile: string; readonly binFolder: string }) {
  return `# Points this shell's commands at the playground, until: unset ${PLAYGROUND_VARIABLE}
export ${PLAYGROUND_VARIABLE}=${quoted(paths.settingsFile)}
# For the commands that the playground prints.
export PLAYGROUND=${quoted(paths.folder)}
export PATH=${quoted(paths.binFolder)}:"$PATH"
`;
}

/** One word for any shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
