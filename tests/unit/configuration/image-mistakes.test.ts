import { areTold, type Mistake } from "./mistake";

const DIGEST = `sha256:${"b".repeat(64)}`;
const BASE = `ghcr.io/example/verifier-base@${DIGEST}`;
const IMAGE = `111122223333.dkr.ecr.eu-west-1.amazonaws.com/verifier@${DIGEST}`;
const PROFILE = "arn:aws:signer:us-east-1:444455556666:/signing-profiles/base";
const TRUST = {
  registries: ["ghcr.io"],
  statements: [{ name: "base", repositories: ["ghcr.io/example/verifier-base"], identities: [PROFILE] }],
};
const [STATEMENT] = TRUST.statements;

const MISTAKES: readonly Mistake[] = [
  ...["ghcr.io/example/verifier-base:1.0", `ghcr.io/example/verifier-base:1.0@${DIGEST}`, "verifier", ""].map(
    (baseImage): Mistake => ({
      title: `a base image that is not given by its digest alone: ${JSON.stringify(baseImage)}`,
      changes: { verifier: { baseImage } },
      expected: [["verifier.baseImage", /must be an image by its digest and without a tag[\s\S]*REPOSITORY@sha256:/]],
    }),
  ),
  {
    title: "a base image beside an image that was built elsewhere",
    changes: { verifier: { baseImage: BASE, imageUri: IMAGE } },
    expected: [["verifier.imageUri", /contradicts baseImage[\s\S]*Remove one of the two\.[\s\S]*--base-image/]],
  },
  {
    title: "a base image beside images for building from sources",
    changes: { verifier: { baseImage: BASE, goImage: "mirror/go:1", nodeImage: "mirror/node:24" } },
    expected: [
      ["verifier.goImage", /"mirror\/go:1" does not fit baseImage: it is for an image that is built from its sources/],
      ["verifier.nodeImage", /"mirror\/node:24" does not fit baseImage[\s\S]*Remove it, or remove baseImage\./],
    ],
  },
  {
    title: "trust in a base image where there is none",
    changes: { verifier: { baseImageTrust: TRUST } },
    expected: [
      ["verifier.baseImageTrust", /does not fit the rest: there is no baseImage, so nothing would be verified/],
    ],
  },
  {
    title: "trust in a base image that is no trust document",
    changes: { verifier: { baseImage: BASE, baseImageTrust: { registries: ["ghcr.io"], statement: [] } } },
    expected: [
      ["verifier.baseImageTrust.statements", /is required/],
      ["verifier.baseImageTrust.statement", /is under the unknown key "statement"[\s\S]*Write statements/],
    ],
  },
  {
    title: "trust in a base image that says self, which the deployment makes only afterwards",
    changes: {
      verifier: {
        baseImage: BASE,
        baseImageTrust: {
          registries: ["self"],
          statements: [{ name: "base", repositories: ["self/base"], identities: ["self"] }],
        },
      },
    },
    expected: [
      ["verifier.baseImageTrust.registries[0]", /"self" is of this stack, and the base image is verified before/],
      ["verifier.baseImageTrust.statements[0].repositories[0]", /"self\/base" is of this stack/],
      ["verifier.baseImageTrust.statements[0].identities[0]", /is of this stack[\s\S]*the ARN of the signing profile/],
    ],
  },
  {
    title: "trust in a base image that names a stack",
    changes: {
      verifier: {
        baseImage: BASE,
        baseImageTrust: { ...TRUST, statements: [{ ...STATEMENT, identities: ["stack:signing"] }] },
      },
    },
    expected: [["verifier.baseImageTrust.statements[0].identities[0]", /"stack:signing" is not/]],
  },
  {
    title: "trust in a base image that exempts it",
    changes: {
      verifier: {
        baseImage: BASE,
        baseImageTrust: {
          ...TRUST,
          exemptions: [{ image: BASE, owner: "me", reason: "none", expires: "2999-12-31" }],
        },
      },
    },
    expected: [["verifier.baseImageTrust.exemptions", /would let a base image be used that nobody has signed/]],
  },
];

describe("a mistake about the base image is told with its key, and nothing is made:", () => areTold(MISTAKES));
