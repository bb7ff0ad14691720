import type { InspectedSignature, Inspection, SignatureContents } from "../../verifier/src/notation/inspect-protocol";
import { type TreeNode, treeLines } from "./tree";

/** The number of attributes shown per signature: its author may have added thousands. The JSON output has all of them. */
const MAX_SHOWN = 20;

/** An inspection with all that there is, as a tree, for people. `roots` names the root certificates that chains were compared with. */
export function inspectionText({ reference, signatures }: Inspection, roots: string): string {
  if (signatures.length === 0) return `${reference} has no signatures.`;
  const children = signatures.map((signature) => signatureNode(signature, roots));
  return treeLines({
    text: reference,
    children: [{ text: "application/vnd.cncf.notary.signature", children }],
  }).join("\n");
}

function signatureNode({ digest, unreadable, contents }: InspectedSignature, roots: string): TreeNode {
  if (contents === null)
    return { text: digest, children: [pair("UNREADABLE", unreadable?.detail ?? "no reason known")] };
  return {
    text: digest,
    children: [
      pair("intact", contents.intact ? "yes" : `NO: ${contents.broken ?? "no reason known"}`),
      pair(`chain ends in ${roots}`, contents.rootTrusted ? "yes" : "NO"),
      pair("revocation", revocationText(contents)),
      pair("signed by", contents.profileVersion ?? "(names no signing profile)"),
      pair("job", contents.job ?? "(names no job)"),
      pair("signing time", contents.signingTime),
      pair("expiry", expiryText(contents)),
      pair("media type", contents.mediaType),
      pair("signature algorithm", contents.algorithm),
      pair("signing scheme", contents.scheme),
      ...listed("other signed attributes", contents.attributes),
      ...listed("user metadata", contents.metadata),
      ...(contents.signingAgent === null ? [] : [pair("signing agent (not signed)", contents.signingAgent)]),
      { text: "certificates", children: contents.certificates.map(certificateNode) },
      artifactNode(contents),
    ],
  };
}

function revocationText({ revocation: { status, detail } }: SignatureContents): string {
  if (status === "not-revoked") return "not revoked";
  return `${status === "revoked" ? "REVOKED" : "unknown"} (${detail ?? "no reason known"})`;
}

function expiryText({ expiry, expired }: SignatureContents): string {
  return expiry === null ? "never" : `${expiry}${expired ? " (EXPIRED)" : ""}`;
}

function certificateNode(certificate: SignatureContents["certificates"][number]): TreeNode {
  return {
    text: `SHA256 fingerprint: ${certificate.sha256}`,
    children: [
      pair("issued to", certificate.subject),
      pair("issued by", certificate.issuer),
      pair("valid", `${certificate.notBefore} to ${certificate.notAfter}`),
    ],
  };
}

function artifactNode({ artifact, forThisImage }: SignatureContents): TreeNode {
  if (artifact === null) return pair("signed artifact", "NONE: the payload names no image");
  return {
    text: `signed artifact: ${forThisImage ? "this image" : "ANOTHER, not this image"}`,
    children: [
      pair("media type", artifact.mediaType),
      pair("digest", artifact.digest),
      pair("size", String(artifact.size)),
    ],
  };
}

function listed(text: string, entries: SignatureContents["attributes"]): TreeNode[] {
  if (entries.length === 0) return [];
  const more = entries.length - MAX_SHOWN;
  return [
    {
      text,
      children: [
        ...entries.slice(0, MAX_SHOWN).map(({ name, value }) => pair(name, value)),
        ...(more > 0 ? [{ text: `(${more} more; --json has all)` }] : []),
      ],
    },
  ];
}

function pair(name: string, value: string): TreeNode {
  return { text: `${name}: ${value}` };
}
