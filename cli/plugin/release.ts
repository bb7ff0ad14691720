/** The release of AWS's Signer plugin that the verifier image has, too: a test holds both to be the same. */
export const PLUGIN_VERSION = "v1.0.2292";

/** Whether a plugin that says this version is of the pinned release; a build may add to the version (`1.0.2292+local`). */
export function isRelease(version: string): boolean {
  return version.replace(/^v/, "").split("+")[0] === PLUGIN_VERSION.slice(1);
}

/** A main package of a Go module, at a version. */
export interface GoRelease {
  readonly package: string;
  readonly version: string;
}

/** What Go builds the plugin from. */
export const PLUGIN_RELEASE: GoRelease = {
  package: "github.com/aws/aws-signer-notation-plugin/cmd",
  version: PLUGIN_VERSION,
};

/** AWS's page with its own installers. They put the plugin in the same place. */
export const AWS_INSTALLERS =
  "https://docs.aws.amazon.com/signer/latest/developerguide/image-signing-prerequisites.html";
