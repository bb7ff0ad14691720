import type { RememberedImage, SignatureMemory } from "../../verifier/src/verification/signature-memory";

/** Remembers signatures for as long as the test runs. */
export function memorySignatures(): SignatureMemory {
  const known = new Map<string, readonly string[]>();
  const keyOf = ({ repository, digest }: RememberedImage) => `${repository}@${digest}`;
  return {
    recall: async (image) => known.get(keyOf(image)) ?? [],
    async remember(image, signatures) {
      known.set(keyOf(image), signatures);
    },
  };
}
