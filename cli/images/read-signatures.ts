import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatReference, type ImageReference, repositoryName } from "../../trust/reference";
import { accessFlags, runNotation } from "../../verifier/src/notation/command";
import type { RootCertificate } from "../../verifier/src/notation/config-folder";
import { operatorEnvironment } from "../../verifier/src/notation/environment";
import { type Inspection, inspectionSchema } from "../../verifier/src/notation/inspect-protocol";
import type { RegistryCredentials } from "../../verifier/src/notation/protocol";
import { temporaryFolder } from "../../verifier/src/temporary-folder";
import { checkPlaygroundRegistries } from "../playground/in-force";
import { awsRoots } from "./trust-store";

/** How the signatures of an image are read. */
export interface SignatureReading {
  /** The `notation-verifier` program. */
  readonly executable: string;
  /** A file with the root certificates to recognise: {@link withRootsFile}. */
  readonly roots: string;
  /** The AWS Signer plugin; undefined: revocation is not asked about. */
  readonly plugin: string | undefined;
  /** Where AWS Signer is asked; undefined leaves it to the environment and to AWS's configuration files. */
  readonly region: string | undefined;
  readonly credentials: RegistryCredentials | undefined;
  readonly maxSignatures: number;
  /** In seconds. */
  readonly timeout: number;
  readonly signerEndpoint?: string | undefined;
  readonly plainHttp?: boolean | undefined;
}

/** Reads the signatures of one image. Faults of the registry are part of the result. */
export async function readSignatures(image: ImageReference, reading: SignatureReading): Promise<Inspection> {
  checkPlaygroundRegistries([image.registry]);
  const { executable, roots, plugin, region, credentials, maxSignatures, timeout, signerEndpoint, plainHttp } = reading;
  const args = [
    ...["inspect", "--roots", roots],
    ...(plugin === undefined ? ["--no-revocation"] : []),
    ...["--max-signatures", String(maxSignatures), "--deadline-ms", String(Math.ceil(timeout * 1000))],
    ...accessFlags({ plugin, signerEndpoint, plainHttp: plainHttp === true }),
  ];
  const environment = operatorEnvironment(process.env, region);
  return runNotation({ executable, args, reference: pulled(image), credentials, environment }, inspectionSchema);
}

/** With a tag and a digest, the digest decides. */
function pulled(image: ImageReference): string {
  return image.digest === undefined ? formatReference(image) : `${repositoryName(image)}@${image.digest}`;
}

/** AWS Signer has one root in each partition, and an image does not show in which partition it was signed. */
export async function allAwsRoots(): Promise<RootCertificate[]> {
  return [...(await awsRoots("aws")), ...(await awsRoots("aws-us-gov"))];
}

/** Keeps certificates in a file while `work` runs. */
export async function withRootsFile<Answer>(
  roots: readonly RootCertificate[],
  work: (file: string) => Promise<Answer>,
): Promise<Answer> {
  const folder = temporaryFolder();
  try {
    const file = join(folder.path, "roots.pem");
    writeFileSync(file, roots.map(({ pem }) => `${pem.trim()}\n`).join(""));
    return await work(file);
  } finally {
    folder.remove();
  }
}
