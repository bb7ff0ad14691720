import type { Identity } from "../../trust/identity";
import { accessFlags, runNotation } from "../../verifier/src/notation/command";
import type { RootCertificate } from "../../verifier/src/notation/config-folder";
import { operatorEnvironment } from "../../verifier/src/notation/environment";
import type { RegistryCredentials } from "../../verifier/src/notation/protocol";
import { type SigningAnswer, signingAnswerSchema } from "../../verifier/src/notation/sign-protocol";
import type { VerifierAccess } from "./image-access";
import { withRootsFile } from "./read-signatures";

/** An image to sign. */
export interface SigningJob {
  readonly executable: string;
  readonly reference: string;
  readonly profile: Identity;
  readonly plugin: string;
  readonly credentials: RegistryCredentials | undefined;
  /** In which an earlier signature must end to count; undefined: none counts. */
  readonly roots: readonly RootCertificate[] | undefined;
}

/** Asks for a signature, or for one that is there if that is enough. */
export async function askForSignature(
  { executable, reference, profile, plugin, credentials, roots }: SigningJob,
  { signerEndpoint, plainHttp }: VerifierAccess,
): Promise<SigningAnswer> {
  const flags = accessFlags({ plugin, signerEndpoint, plainHttp: plainHttp === true });
  const run = (more: readonly string[]) =>
    runNotation(
      {
        executable,
        args: ["sign", "--profile", profile.arn, ...flags, ...more],
        reference,
        credentials,
        // The plugin does not take the region from the profile's ARN.
        environment: operatorEnvironment(process.env, profile.region),
      },
      signingAnswerSchema,
    );
  if (roots === undefined) return run([]);
  return withRootsFile(roots, (file) => run(["--unless-signed", "--roots", file]));
}
