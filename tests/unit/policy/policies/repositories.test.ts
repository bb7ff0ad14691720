import assert from "node:assert/strict";
import { UnknownValueError } from "@pulumi/policy";
import { signedRepositories } from "../../../../policy/policies/signed-repositories";
import { unknownText, violationsOf } from "../arguments";

const repository = "aws:ecr/repository:Repository";
const lifecycle = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
const policy = signedRepositories();

const filters = (...patterns: string[]) => patterns.map((filter) => ({ filter, filterType: "WILDCARD" }));
const rule = (selection: object) => ({
  type: lifecycle,
  props: { policy: JSON.stringify({ rules: [{ rulePriority: 7, selection, action: { type: "expire" } }] }) },
});

describe("policy signed-repositories", () => {
  it("passes immutable tags with the exclusion for signatures", async () => {
    const props = {
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: filters("sha256-*"),
    };
    assert.deepEqual(await violationsOf(policy, { type: repository, props }), []);
  });

  it("passes plain immutable tags only where the tag schema is not used", async () => {
    const given = { type: repository, props: { imageTagMutability: "IMMUTABLE" } };
    assert.match((await violationsOf(policy, given)).join(), /second signature/);
    assert.deepEqual(await violationsOf(policy, { ...given, config: { tagSchema: false } }), []);
  });

  it("refuses mutable tags and exclusions beyond signatures", async () => {
    for (const imageTagMutability of [undefined, "MUTABLE", "MUTABLE_WITH_EXCLUSION"]) {
      const given = { type: repository, props: { imageTagMutability } };
      assert.match((await violationsOf(policy, given)).join(), /can move to another image/);
    }
    const props = {
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: filters("sha256-*", "latest*"),
    };
    assert.match(
      (await violationsOf(policy, { type: repository, props })).join(),
      /"latest\*" lets tags of images move/,
    );
  });

  for (const selection of [
    { tagStatus: "untagged" },
    { tagStatus: "any" },
    { tagStatus: "tagged", tagPrefixList: ["v", "sha"] },
    { tagStatus: "tagged", tagPatternList: ["*"] },
    { tagStatus: "tagged", tagPatternList: ["s*6-*"] },
  ]) {
    it(`refuses a lifecycle rule for ${JSON.stringify(selection)}`, async () => {
      assert.match((await violationsOf(policy, rule(selection))).join(), /^The lifecycle rule 7 selects/);
    });
  }

  it("passes lifecycle rules for images by tag", async () => {
    assert.deepEqual(await violationsOf(policy, rule({ tagStatus: "tagged", tagPrefixList: ["v"] })), []);
    assert.deepEqual(await violationsOf(policy, rule({ tagStatus: "tagged", tagPatternList: ["*-dev", "pr-*"] })), []);
  });

  it("makes a lifecycle policy that cannot be read a violation", async () => {
    assert.match((await violationsOf(policy, { type: lifecycle, props: { policy: "{" } })).join(), /cannot be read/);
  });

  it("leaves alone what is excluded, and the verifier's own repository", async () => {
    const given = { type: repository, name: "cache-npm" };
    assert.deepEqual(await violationsOf(policy, { ...given, config: { exclude: ["cache-*"] } }), []);
    const parents = ["ecs-image-verification:components:VerifierImage"];
    assert.deepEqual(await violationsOf(policy, { type: repository, parents }), []);
    assert.equal((await violationsOf(policy, { ...given, config: { exclude: ["npm"] } })).length, 1);
  });

  it("lets unknown values through to the server", async () => {
    const given = { type: repository, props: { imageTagMutability: unknownText } };
    await assert.rejects(violationsOf(policy, given), UnknownValueError);
    await assert.rejects(violationsOf(policy, { type: lifecycle, props: { policy: unknownText } }), UnknownValueError);
  });
});
