import { parseEcrHost } from "../../trust/partition";
import { type ImageReference, parseReference } from "../../trust/reference";
import type { Inspection } from "../../verifier/src/notation/inspect-protocol";
import { CommandFailedError, UsageError } from "../lib/errors";
import { whileWaiting } from "../lib/spinner";
import { builtVerifier } from "./built-verifier";
import { describeFault } from "./command-fault";
import type { ImageAccess } from "./image-access";
import { credentialsFor } from "./image-credentials";
import { inspectionJson } from "./inspection-json";
import { inspectionSummary } from "./inspection-summary";
import { inspectionText } from "./inspection-text";
import { allAwsRoots, readSignatures, withRootsFile } from "./read-signatures";
import { findSignerPlugin } from "./signer-plugin";
import { chooseRoots } from "./trust-store";

/** The options of `inspect`. */
export interface InspectOptions extends ImageAccess {
  readonly trustStore?: string;
  /** False with `--no-revocation`. */
  readonly revocation: boolean;
  readonly region?: string;
  readonly maxSignatures: number;
  readonly timeout: number;
  readonly verbose?: true;
  readonly json?: true;
}

/** Prints the signatures of one image. */
export async function inspect(argument: string, options: InspectOptions): Promise<void> {
  const image = parseReference(argument);
  const roots = await chooseRoots(options.trustStore, allAwsRoots);
  const plugin = options.revocation ? findPlugin(options.plugin) : undefined;
  const credentials = await credentialsFor(image.registry, options);
  const executable = await builtVerifier();
  const region = options.region ?? findRegion(image, process.env);
  const { maxSignatures, timeout, signerEndpoint, plainHttp } = options;
  const reading = { executable, plugin, region, credentials, maxSignatures, timeout, signerEndpoint, plainHttp };
  const inspection = await whileWaiting(
    () => "reading the signatures",
    () => withRootsFile(roots, (file) => readSignatures(image, { ...reading, roots: file })),
  );
  report(inspection, options);
}

function findPlugin(given: string | undefined): string {
  try {
    return findSignerPlugin(given, process.env);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message} Or add --no-revocation, which does not need it.`);
  }
}

function report(inspection: Inspection, { json, verbose, trustStore, maxSignatures }: InspectOptions): void {
  const { image, more, error, reference } = inspection;
  const failed =
    error === null
      ? undefined
      : new CommandFailedError(`${reference}: ${describeFault(error, { timeoutOption: "--timeout" })}`);
  // A partial result from before the timeout is still useful; without a list there is nothing to show.
  if (failed !== undefined && error?.stage !== "inspect") throw failed;
  const roots = trustStore === undefined ? "AWS Signer's root" : "a root of the trust store";
  const toText = verbose ? inspectionText : inspectionSummary;
  process.stdout.write(`${json ? inspectionJson(inspection) : toText(inspection, roots)}\n`);
  if (more) {
    process.stderr.write(
      `There are more signatures than were read (${maxSignatures}): read more with --max-signatures, up to 1000.\n`,
    );
  }
  if (image !== null && /\b(index|list)\b/.test(image.mediaType)) {
    process.stderr.write(
      "This is an image for several platforms. The manifests of the platforms may have signatures of their own: inspect them by their digests.\n",
    );
  }
  if (failed !== undefined) throw failed;
}

/**
 * Never taken from a signature, which could name any region. Undefined leaves it to the environment and to AWS's
 * configuration files.
 */
function findRegion({ registry }: ImageReference, env: NodeJS.ProcessEnv): string | undefined {
  if (env.AWS_REGION || env.AWS_DEFAULT_REGION) return undefined;
  return parseEcrHost(registry)?.region;
}
