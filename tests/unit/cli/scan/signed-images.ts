import type { SignedImage } from "../../../../cli/scan/read-signers";
import type { SignatureFacts, SignatureState } from "../../../../cli/scan/signature-facts";
import { parseIdentity } from "../../../../trust/identity";
import { groupImages } from "../../../../verifier/src/sweep/group-images";
import { imageSubject } from "../../../../verifier/src/verification/subject";

export const ACCOUNT = "111122223333";
export const OTHER = "999988887777";
export const ECR = `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com`;

/** A signature by a profile. */
export function signedBy(name: string, state: SignatureState = "valid", account = ACCOUNT): SignatureFacts {
  const profile = parseIdentity(`arn:aws:signer:eu-west-1:${account}:/signing-profiles/${name}/Ab3dEf6hIj`);
  return { digest: `sha256:${"9".repeat(64)}`, state, profile, signingTime: "2026-11-01T00:00:00Z" };
}

let number = 0;

/** A running image, with a digest of its own. */
export function signedImage(
  image: string,
  signatures: readonly SignatureFacts[] = [],
  changes: Partial<Omit<SignedImage, "group">> = {},
): SignedImage {
  number += 1;
  const digest = `sha256:${number.toString(16).padStart(64, "0")}`;
  const subject = imageSubject({ container: "web", image, digest, hasStarted: true });
  const container = {
    taskArn: `arn:aws:ecs:eu-west-1:${ACCOUNT}:task/shop/${number}`,
    clusterArn: `arn:aws:ecs:eu-west-1:${ACCOUNT}:cluster/shop`,
    group: "service:web",
    subject,
  };
  const [group] = groupImages([container]);
  if (group === undefined) throw new Error("no group");
  return { group, digest, signatures, ...changes };
}
