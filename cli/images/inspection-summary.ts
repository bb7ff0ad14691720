import type { InspectedSignature, Inspection, SignatureContents } from "../../verifier/src/notation/inspect-protocol";
import { colorsFor } from "../lib/colors";
import { count } from "../lib/count";
import { labelledLines } from "../lib/labelled-lines";
import { imageLines } from "./image-lines";

const colors = colorsFor(process.stdout);

/** The characters of a digest that tell the signatures of an image apart. */
const DIGEST_LENGTH = "sha256:".length + 12;

/** An inspection in a few lines for each signature, for people: by whom, when, until when, revoked? */
export function inspectionSummary({ reference, signatures }: Inspection, roots: string): string {
  if (signatures.length === 0) return `${reference} has no signatures.`;
  const number = count(signatures.length, "signature");
  const head = (image: string | undefined) => (image === undefined ? `${number}:` : `${image} has ${number}:`);
  return [
    ...imageLines(head, reference, []),
    ...signatures.flatMap((signature) => ["", ...signatureLines(signature, roots)]),
  ].join("\n");
}

function signatureLines({ digest, unreadable, contents }: InspectedSignature, roots: string): readonly string[] {
  const name = digest.slice(0, DIGEST_LENGTH);
  if (contents === null) {
    const why = unreadable?.detail ?? "no reason known";
    return [`${name}  ${colors.red("UNREADABLE")}`, ...labelledLines([["why", why]])];
  }
  const { profileVersion, signingTime, expiry } = contents;
  return [
    `${name}  ${stateText(contents)}`,
    ...labelledLines([
      // Whoever may push can write what is not vouched for.
      [isVouchedFor(contents) ? "by" : "claims", profileVersion ?? "(names no signing profile)"],
      ["signed", `${signingTime}, ${expiry === null ? "without an end" : `until ${expiry}`}`],
      ...reasons(contents, roots).map((why) => ["why", why] as const),
    ]),
  ];
}

function isVouchedFor({ intact, rootTrusted }: SignatureContents): boolean {
  return intact && rootTrusted;
}

/** What is wrong with a signature, else that it is not revoked. */
function stateText(contents: SignatureContents): string {
  const { intact, rootTrusted, artifact, forThisImage, expired, revocation } = contents;
  const wrong = [
    ...(intact ? [] : ["NOT INTACT"]),
    ...(rootTrusted ? [] : ["UNKNOWN ROOT"]),
    ...(forThisImage ? [] : [artifact === null ? "FOR NO IMAGE" : "FOR ANOTHER IMAGE"]),
    ...(expired ? ["EXPIRED"] : []),
    ...(revocation.status === "revoked" ? ["REVOKED"] : []),
  ];
  // AWS Signer is not asked about what nobody vouches for.
  const isOpen = revocation.status === "unknown" && isVouchedFor(contents);
  return [
    ...(wrong.length === 0 ? [] : [colors.red(wrong.join(", "))]),
    ...(isOpen ? [colors.yellow("revocation unknown")] : []),
    ...(wrong.length === 0 && !isOpen ? [colors.green("not revoked")] : []),
  ].join(", ");
}

/** The reasons for {@link stateText} that the words there do not say. */
function reasons(contents: SignatureContents, roots: string): readonly string[] {
  const { intact, broken, rootTrusted, artifact, forThisImage, revocation } = contents;
  const isAsked = revocation.status === "revoked" || isVouchedFor(contents);
  return [
    ...(intact ? [] : [`it is not intact: ${broken ?? "no reason known"}`]),
    ...(rootTrusted ? [] : [`its chain does not end in ${roots}`]),
    ...(forThisImage || artifact === null ? [] : [`it is for ${artifact.digest}`]),
    ...(isAsked && revocation.detail !== null ? [revocation.detail] : []),
  ];
}
