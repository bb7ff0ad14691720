import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expandTrustDocument, parseTrustDocument } from "../../../../trust";
import { writeNotationConfig } from "../../../../verifier/src/notation/config-folder";

const IDENTITY = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release";
const roots = [
  { name: "a.crt", pem: "first\n" },
  { name: "b.crt", pem: "second\n" },
];

function trustOf(region: string, identity: string) {
  const statements = [{ name: "release", repositories: ["*"], identities: [identity] }];
  return expandTrustDocument(parseTrustDocument({ registries: ["self"], statements }), {
    account: "111122223333",
    region,
  });
}

describe("the configuration folder of Notation", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "config-folder-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it("holds the trust policy and the roots, and nothing else", async () => {
    await writeNotationConfig(folder, trustOf("eu-west-1", IDENTITY), roots);

    const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
    assert.deepEqual(files.sort(), [
      "trustpolicy.json",
      "truststore/x509/signingAuthority/aws-signer-ts/a.crt",
      "truststore/x509/signingAuthority/aws-signer-ts/b.crt",
    ]);
    assert.deepEqual(JSON.parse(await readFile(join(folder, "trustpolicy.json"), "utf8")), {
      version: "1.0",
      trustPolicies: [
        {
          name: "release",
          registryScopes: ["*"],
          signatureVerification: { level: "strict" },
          trustStores: ["signingAuthority:aws-signer-ts"],
          trustedIdentities: [IDENTITY],
        },
      ],
    });
    const root = join(folder, "truststore/x509/signingAuthority/aws-signer-ts/b.crt");
    assert.equal(await readFile(root, "utf8"), "second\n");
  });

  it("has the trust store of the partition", async () => {
    const identity = IDENTITY.replace("arn:aws:signer:eu-west-1", "arn:aws-us-gov:signer:us-gov-west-1");

    await writeNotationConfig(folder, trustOf("us-gov-west-1", identity), roots);

    assert.deepEqual(await readdir(join(folder, "truststore/x509/signingAuthority")), ["aws-us-gov-signer-ts"]);
    assert.match(await readFile(join(folder, "trustpolicy.json"), "utf8"), /signingAuthority:aws-us-gov-signer-ts/);
  });

  it("replaces an earlier trust policy", async () => {
    await writeNotationConfig(folder, trustOf("eu-west-1", IDENTITY), roots);
    await writeNotationConfig(folder, trustOf("eu-west-1", `${IDENTITY}2`), roots);

    const policy = await readFile(join(folder, "trustpolicy.json"), "utf8");
    assert.deepEqual(JSON.parse(policy).trustPolicies[0].trustedIdentities, [`${IDENTITY}2`]);
  });
});
