/** What was installed. */
export interface Installed {
  /** The path of its executable. */
  readonly plugin: string;
  /** As it says itself. */
  readonly version: string;
  readonly from: "go" | "image" | "there already";
}

const DONE: Readonly<Record<Installed["from"], string>> = {
  go: "was built and installed",
  image: "was copied out of the image and installed",
  "there already": "is there already",
};

/** The same for people. */
export function installedText({ plugin, version, from }: Installed): string {
  return [
    `AWS's Signer plugin ${version} ${DONE[from]}:`,
    `  ${plugin}`,
    "sign, verify, inspect and scan find it there, and so does the Notation CLI.",
  ].join("\n");
}
