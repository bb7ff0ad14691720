import assert from "node:assert/strict";
import { UnknownValueError } from "@pulumi/policy";
import { imageVerified, type VerifyImage } from "../../../../policy/policies/image-verified";
import { PolicyConfigurationError } from "../../../../policy/resource-policy";
import type { ResolvedTrustDocument } from "../../../../trust/index";
import { type ReasonCode, toStatus, type Verdict } from "../../../../verifier/src/verification/verdict";
import {
  digest,
  registry,
  taskDefinition,
  trustConfig,
  unknownText,
  urnOf,
  validate,
  violationsOf,
} from "../arguments";

const image = `${registry}/app@${digest}`;
const profileVersion = "arn:aws:signer:eu-west-1:999988887777:/signing-profiles/foreign/abcdefghij";

function verdict(code: ReasonCode, reference: string): Verdict {
  const signature = { digest, profileVersion };
  return { status: toStatus(code), code, detail: "because", reference, provisional: false, milliseconds: 1, signature };
}

function verifierSaying(code: ReasonCode) {
  const asked: string[] = [];
  const verify: VerifyImage = async (reference) => {
    asked.push(reference);
    return verdict(code, reference);
  };
  return { verify, asked };
}

const signingProfileArn = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release";
const config = { ...trustConfig(), signingProfileArn };
const given = taskDefinition([{ name: "app", image }], config);
/** The second policy has no configuration. */
const plain = taskDefinition([{ name: "app", image }]);

describe("policy image-verified", () => {
  it("is off unless it is configured", () => {
    assert.equal(imageVerified(verifierSaying("signature-valid").verify)[0].enforcementLevel, "disabled");
  });

  for (const code of ["signature-valid", "exempted"] as const) {
    it(`passes ${code}`, async () => {
      const [denied, inconclusive] = imageVerified(verifierSaying(code).verify);
      assert.deepEqual(await violationsOf(denied, given), []);
      assert.deepEqual(await violationsOf(inconclusive, plain), []);
    });
  }

  it("makes a denial a violation with container, code and signer", async () => {
    const [denied, inconclusive] = imageVerified(verifierSaying("identity-not-trusted").verify);

    const [violation, ...more] = await violationsOf(denied, given);

    assert.deepEqual(more, []);
    assert.match(
      violation ?? "",
      /container "app" is denied \(identity-not-trusted; signed by arn:.*foreign\/abcdefghij\): because/,
    );
    assert.deepEqual(await violationsOf(inconclusive, plain), []);
  });

  it("leaves what a person must know beside a verdict to the advisory policy, whatever the verdict is", async () => {
    for (const code of ["signature-valid", "no-signature"] as const) {
      const warnings = ["blocks could not be read"];
      const verify: VerifyImage = async (reference) => ({ ...verdict(code, reference), warnings });
      const [denied, inconclusive] = imageVerified(verify);

      await violationsOf(denied, given);

      assert.deepEqual(await violationsOf(inconclusive, plain), warnings);
    }
  });

  it("refuses orders without all that it takes to read them", async () => {
    const [denied] = imageVerified(verifierSaying("signature-valid").verify);
    const orders = { table: "orders", key: "0d990263", region: "eu-west-1" };

    const violations = await violationsOf(denied, taskDefinition([{ name: "app", image }], { ...config, orders }));

    assert.match(violations.join(), /orders\.key/);
    assert.match(violations.join(), /orders\.environment/);
  });

  it("leaves what could not be told to the advisory policy, once", async () => {
    const [denied, inconclusive] = imageVerified(verifierSaying("registry-unavailable").verify);

    assert.deepEqual(await violationsOf(denied, given), []);
    assert.match((await violationsOf(inconclusive, plain)).join(), /could not be verified \(registry-unavailable\)/);
    assert.deepEqual(await violationsOf(inconclusive, plain), []);
    assert.equal(inconclusive.enforcementLevel, "advisory");
  });

  it("is a violation by itself when its configuration cannot be used, whatever error says so", async () => {
    const faults = [
      new PolicyConfigurationError(["no trust"]),
      new Error("trustStore /missing cannot be read"),
      new TypeError("fetch failed"),
    ];
    for (const fault of faults) {
      const [denied, inconclusive] = imageVerified(() => Promise.reject(fault));
      const violations = await violationsOf(denied, given);
      assert.match(violations.join(), /^The policy image-verified cannot judge/);
      assert.ok(violations.join().includes(fault.message));
      assert.deepEqual(await violationsOf(inconclusive, plain), []);
    }
  });

  it("is a violation when the verifier says that its settings cannot be used", async () => {
    const [denied, inconclusive] = imageVerified(verifierSaying("verifier-misconfigured").verify);
    assert.match((await violationsOf(denied, given)).join(), /image-verified cannot judge.*because/);
    assert.deepEqual(await violationsOf(inconclusive, plain), []);
  });

  it("asks once a run for each digest, and never for a tag", async () => {
    const { verify, asked } = verifierSaying("no-signature");
    const [denied] = imageVerified(verify);
    const tagged = [{ name: "tag", image: `${registry}/app:v1` }, { name: "bad", image: "UPPER" }, { name: "none" }];

    const violations = await violationsOf(
      denied,
      taskDefinition([{ name: "app", image }, { name: "two", image }, ...tagged], config),
    );
    await violationsOf(denied, given);

    assert.deepEqual(asked, [image]);
    assert.equal(violations.length, 2);
  });

  it("is a violation when nothing says what self stands for as an identity", async () => {
    const [denied] = imageVerified(verifierSaying("signature-valid").verify);
    const violations = await violationsOf(denied, taskDefinition([{ name: "app", image }], trustConfig()));
    assert.match(violations.join(), /it needs signingProfileArn, because the trust document trusts self/);
  });

  it("takes the trust document and the profile of the component around the task definition", async () => {
    const asked: ResolvedTrustDocument[] = [];
    const [denied] = imageVerified(async (reference, trust) => {
      asked.push(trust);
      return verdict("signature-valid", reference);
    });
    const { account, region, trust } = trustConfig();
    const component = {
      type: "ecs-image-verification:components:ImageVerification",
      props: { account, region, trust, signingProfile: { existingArn: signingProfileArn } },
    };

    await violationsOf(denied, component);
    const violations = await violationsOf(denied, { ...plain, parent: urnOf(component) });

    assert.deepEqual(violations, []);
    assert.deepEqual(
      asked.map(({ statements }) => statements[0]?.identities),
      [[signingProfileArn]],
    );
  });

  it("judges what is known beside an unknown image", async () => {
    const [denied] = imageVerified(verifierSaying("no-signature").verify);
    const violations: string[] = [];
    const containerDefinitions = [
      { name: "a", image: unknownText },
      { name: "b", image },
    ];
    const native = { type: "aws-native:ecs:TaskDefinition", props: { containerDefinitions }, config };

    await assert.rejects(validate(denied, native, violations), UnknownValueError);

    assert.match(violations.join(), /container "b" is denied/);
  });
});
