import type { Identity } from "../../trust/identity";
import type { SignedImage } from "./read-signers";
import type { SignatureState } from "./signature-facts";
import { profileArn } from "./signer-name";

/** The state of a signature whose profile is known. */
export type ProfileState = Exclude<SignatureState, "invalid">;

/** The best first: one valid signature is enough. */
const BEST_FIRST: readonly ProfileState[] = ["valid", "unknown", "expired", "revoked"];

/** A signing profile, and how many running images it has signed. */
export interface Signer {
  readonly arn: string;
  readonly profile: Identity;
  /** Images by the best state of this profile's signatures of them. */
  readonly images: Readonly<Record<ProfileState, number>>;
  /** When it signed first and last what runs, ISO 8601. */
  readonly firstSigned: string;
  readonly lastSigned: string;
}

/** The profiles that have signed an image, each with the best state of its signatures. */
export function profilesOf({ signatures }: Pick<SignedImage, "signatures">): ReadonlyMap<string, ProfileState> {
  const states = new Map<string, ProfileState>();
  for (const { profile, state } of signatures) {
    if (profile === undefined || state === "invalid") continue;
    const arn = profileArn(profile);
    const before = states.get(arn);
    if (before === undefined || BEST_FIRST.indexOf(state) < BEST_FIRST.indexOf(before)) states.set(arn, state);
  }
  return states;
}

/** What an image has at best. */
export type ImageState = ProfileState | "unsigned" | "invalid" | "added by AWS";

/** The state of an image: `unknown` if a valid signature may be there that could not be read. */
export function imageState(image: SignedImage): ImageState {
  if (image.group.subject.kind === "aws-injected") return "added by AWS";
  const states = [...profilesOf(image).values()];
  if (states.includes("valid")) return "valid";
  if (image.problem !== undefined) return "unknown";
  const best = BEST_FIRST.find((state) => states.includes(state));
  return best ?? (image.signatures.length > 0 ? "invalid" : "unsigned");
}

/** All profiles that have signed something that runs, those that signed the most images first. */
export function signersOf(images: readonly SignedImage[]): readonly Signer[] {
  const signers = new Map<string, Signer>();
  for (const image of images) {
    for (const [arn, state] of profilesOf(image)) {
      const made = image.signatures.filter(({ profile }) => profile !== undefined && profileArn(profile) === arn);
      const [profile] = made.flatMap((one) => one.profile ?? []);
      if (profile === undefined) continue;
      const { images: counts = NONE, firstSigned, lastSigned } = signers.get(arn) ?? {};
      const times = [firstSigned, lastSigned, ...made.map(({ signingTime }) => signingTime)]
        .flatMap((time) => time ?? [])
        .sort();
      signers.set(arn, {
        arn,
        profile,
        images: { ...counts, [state]: counts[state] + 1 },
        firstSigned: times[0] ?? "",
        lastSigned: times.at(-1) ?? "",
      });
    }
  }
  const total = ({ images: { valid, unknown, expired, revoked } }: Signer) => valid + unknown + expired + revoked;
  return [...signers.values()].sort((one, other) => total(other) - total(one) || one.arn.localeCompare(other.arn));
}

const NONE: Signer["images"] = { valid: 0, unknown: 0, expired: 0, revoked: 0 };
