import { parseEcrHost } from "../../trust/partition";
import { type ImageReference, ReferenceInvalidError, readReference } from "../../trust/reference";
import { FixableError } from "../../trust/text/fixable-error";
import { describeAwsError } from "../../verifier/src/aws-error";
import { inParallel } from "../../verifier/src/in-parallel";
import type { RegistryCredentials } from "../../verifier/src/notation/protocol";
import type { ImageGroup } from "../../verifier/src/sweep/group-images";
import type { Pace } from "../../verifier/src/sweep/pace";
import { describeFault } from "../images/command-fault";
import { credentialsFor } from "../images/image-credentials";
import { readSignatures, type SignatureReading } from "../images/read-signatures";
import { showCount } from "../lib/count-progress";
import { createScanPace } from "./scan-pace";
import { type SignatureFacts, toFacts } from "./signature-facts";

/** Images that are read at a time: each is a process of its own. */
const AT_ONCE = 4;

/** Signatures read of an image, as by `inspect`. Anyone who can push can add more. */
const MAX_SIGNATURES = 50;

/** A running image with its signatures. */
export interface SignedImage {
  readonly group: ImageGroup;
  readonly digest?: string;
  readonly signatures: readonly SignatureFacts[];
  /** Why they are not known, or not all. */
  readonly problem?: string;
}

/** How all images are read. */
export type SignersReading = Omit<SignatureReading, "credentials" | "region" | "maxSignatures">;

/** Reads the signatures of each image once, at the pace that a scan keeps, with the progress on standard error. */
export async function readSigners(
  groups: readonly ImageGroup[],
  reading: SignersReading,
): Promise<readonly SignedImage[]> {
  const pace = createScanPace();
  const login = loginOnce();
  const progress = showCount(process.stderr, groups.length, "images read");
  const read: SignedImage[] = [];
  try {
    const work = (group: ImageGroup) => readImage(group, reading, { pace, login });
    for await (const one of inParallel(groups, AT_ONCE, work)) {
      read.push(one);
      progress.done(read.length);
    }
  } finally {
    progress.end();
  }
  return read;
}

type Login = (registry: string) => Promise<RegistryCredentials | undefined>;

/** One login for each registry: ECR's tokens are good for twelve hours. */
function loginOnce(): Login {
  const logins = new Map<string, ReturnType<Login>>();
  return (registry) => {
    const login = logins.get(registry) ?? credentialsFor(registry);
    logins.set(registry, login);
    return login;
  };
}

async function readImage(
  group: ImageGroup,
  reading: SignersReading,
  { pace, login }: { readonly pace: Pace; readonly login: Login },
): Promise<SignedImage> {
  const image = imageOf(group);
  const known = group.subject.digest === undefined ? {} : { digest: group.subject.digest };
  if (typeof image === "string") return { group, ...known, signatures: [], problem: image };
  if (image === undefined) return { group, ...known, signatures: [] };
  try {
    const credentials = await login(image.registry);
    await pace.begin();
    const region = regionFor(group, image);
    const found = await readSignatures(image, { ...reading, credentials, region, maxSignatures: MAX_SIGNATURES });
    const { image: resolved, more, error } = found;
    const signatures = found.signatures.map(toFacts);
    pace.charge(signatures.filter(({ profile }) => profile !== undefined).length - 1);
    const problem =
      error !== null
        ? describeFault(error, { timeoutOption: "--timeout" })
        : more
          ? `it has more than ${MAX_SIGNATURES} signatures`
          : undefined;
    return {
      group,
      ...known,
      ...(resolved === null ? {} : { digest: resolved.digest }),
      signatures,
      ...(problem === undefined ? {} : { problem }),
    };
  } catch (error) {
    return { group, ...known, signatures: [], problem: describeProblem(error) };
  }
}

function describeProblem(error: unknown): string {
  return error instanceof FixableError ? error.message : describeAwsError(error);
}

/** The image to read; why none can be read; undefined for one that AWS adds, whose signatures nobody checks. */
function imageOf({ subject }: ImageGroup): ImageReference | string | undefined {
  if (subject.kind === "aws-injected") return undefined;
  if (subject.kind === "undetermined") return `whether AWS added it could not be found out: ${subject.error}`;
  if (subject.image === undefined) return "ECS reports no image";
  if (subject.basis === "unreported") return "ECS reports no digest of what runs";
  const reference = readReference(subject.image);
  if (reference instanceof ReferenceInvalidError) return reference.message;
  return subject.digest === undefined ? reference : { ...reference, digest: subject.digest };
}

/** What the plugin is started with. AWS Signer is asked in the region of the profile that a signature names. */
function regionFor({ containers }: ImageGroup, { registry }: ImageReference): string {
  const [first] = containers;
  return parseEcrHost(registry)?.region ?? first?.clusterArn.split(":")[3] ?? "";
}
