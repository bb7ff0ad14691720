import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageVerified } from "../../../policy/policies/image-verified";
import { verifyImage } from "../../../policy/preview-verification";
import { digest, registry, taskDefinition, trustConfig, violationsOf } from "./arguments";

const config = {
  ...trustConfig(),
  signingProfileArn: "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release",
};

/** What the policy says of an image, and what it leaves to the advisory one. */
async function outcomeWith(settings: object) {
  const [denied, inconclusive] = imageVerified(verifyImage);
  const containers = [{ name: "app", image: `${registry}/app@${digest}` }];
  return {
    violations: await violationsOf(denied, taskDefinition(containers, { ...config, ...settings })),
    advisories: await violationsOf(inconclusive, taskDefinition(containers)),
  };
}

describe("policy image-verified with settings that cannot be used", () => {
  const plugin = process.execPath;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "policy-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("is a violation with a trustStore that is not there", async () => {
    const { violations, advisories } = await outcomeWith({ plugin, trustStore: join(folder, "mistyped") });
    assert.match(violations.join(), /cannot judge with its configuration: trustStore: .*mistyped cannot be read/);
    assert.deepEqual(advisories, []);
  });

  it("is a violation with a trustStore that is empty or holds no certificates", async () => {
    assert.match((await outcomeWith({ plugin, trustStore: folder })).violations.join(), /is empty/);
    const notCertificates = await outcomeWith({ plugin, trustStore: join(__dirname, "..") });
    assert.match(notCertificates.violations.join(), /is not a certificate/);
  });

  it("is a violation with a plugin that is not there", async () => {
    const { violations, advisories } = await outcomeWith({ plugin: join(folder, "mistyped") });
    assert.match(violations.join(), /cannot judge with its configuration: plugin: .*mistyped/);
    assert.deepEqual(advisories, []);
  });
});
