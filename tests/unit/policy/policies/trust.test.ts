import assert from "node:assert/strict";
import { UnknownValueError } from "@pulumi/policy";
import { boundedExemptions } from "../../../../policy/policies/exemptions";
import { trustedIdentities } from "../../../../policy/policies/trusted-identities";
import { trustedRegistries } from "../../../../policy/policies/trusted-registries";
import { digest, registry, taskDefinition, trust, trustConfig, unknownText, urnOf, violationsOf } from "../arguments";

const now = () => new Date("2027-01-01T12:00:00Z");
const stack = "pulumi:pulumi:Stack";
const component = "ecs-image-verification:components:ImageVerification";
/** As the component has it: the registry and the profile of its own place. */
const ownTrust = trust({ registries: ["self"] });
const exemption = { image: `public.ecr.aws/x/y@${digest}`, owner: "team", reason: "vendor", expires: "2027-03-01" };

describe("policy trusted-registries", () => {
  const policy = trustedRegistries({}, now);

  it("passes images of a listed registry and exempted ones", async () => {
    const config = trustConfig({ exemptions: [exemption] });
    const containers = [
      { name: "a", image: `${registry}/a:v1` },
      { name: "b", image: exemption.image },
    ];
    assert.deepEqual(await violationsOf(policy, taskDefinition(containers, config)), []);
  });

  it("names the container of a foreign image, or of one whose exemption has ended", async () => {
    const config = trustConfig({ exemptions: [{ ...exemption, expires: "2026-12-31" }] });
    const given = taskDefinition(
      [
        { name: "a", image: "nginx" },
        { name: "b", image: exemption.image },
      ],
      config,
    );

    const violations = await violationsOf(policy, given);

    assert.match(
      violations[0] ?? "",
      /container "a" uses the image "nginx" from docker.io, which the trust document does not/,
    );
    assert.match(violations[1] ?? "", /container "b"/);
  });

  it("lets unknown containers through to the server", async () => {
    const props = { containerDefinitions: unknownText };
    const given = { type: "aws:ecs/taskDefinition:TaskDefinition", props, config: trustConfig() };
    await assert.rejects(violationsOf(policy, given), UnknownValueError);
  });

  describe("in an ImageVerification component", () => {
    const parents = [component, "ecs-image-verification:components:SampleWorkload"];
    const root = { type: component, props: { account: "111122223333", region: "eu-west-1", trust: ownTrust } };
    const middle = { type: parents[1] ?? "", parents: [component], parent: urnOf(root) };
    const inside = (image: string, config?: object) => ({
      ...taskDefinition([{ name: "a", image }], config),
      parents,
      parent: urnOf({ ...middle }),
    });
    const run = async (image: string, given: object = root, config?: object) => {
      const inOneRun = trustedRegistries({}, now);
      for (const resource of [{ ...root, ...given }, middle]) await violationsOf(inOneRun, resource);
      return violationsOf(inOneRun, inside(image, config));
    };

    it("needs no configuration: the component's own trust document counts", async () => {
      assert.deepEqual(await run(`${registry}/a:v1`), []);
      assert.match((await run("nginx")).join(), /from docker.io, which the trust document does not list/);
    });

    it("the configured trust document comes before the component's", async () => {
      const config = trustConfig({ registries: ["ghcr.io"] });
      assert.match((await run(`${registry}/a:v1`, root, config)).join(), /Allowed: ghcr.io/);
    });

    it("what a preview does not know of the component is left to the server", async () => {
      const props = { ...root.props, account: unknownText };
      await assert.rejects(run(`${registry}/a:v1`, { props }), UnknownValueError);
    });

    it("is a violation when the component's inputs are of no use", async () => {
      assert.match((await run(`${registry}/a:v1`, { props: { account: 1 } })).join(), /needs a trust document/);
    });

    it("does not count outside of it", async () => {
      const inOneRun = trustedRegistries({}, now);
      await violationsOf(inOneRun, root);
      const given = taskDefinition([{ name: "a", image: `${registry}/a:v1` }]);
      assert.match((await violationsOf(inOneRun, given)).join(), /needs a trust document.*account and region/);
    });
  });

  it("is a violation without a trust document, with a bad one, with two, and with an unknown key", async () => {
    const cases: [object, RegExp][] = [
      [{}, /exactly one of trustFile and trust; it needs account and region/],
      [{ trust: trust() }, /configuration: it needs account and region/],
      [{ account: "111122223333", region: "eu-west-1" }, /exactly one of trustFile and trust/],
      [{ ...trustConfig(), trustFile: "x.yaml" }, /exactly one of trustFile and trust/],
      [trustConfig({ registries: [] }), /registries: .*at least one/],
      [{ ...trustConfig(), trust: undefined, trustFile: "missing.yaml" }, /missing.yaml: There is no such file\./],
      [{ ...trustConfig(), trusst: 1 }, /trusst/],
    ];
    for (const [config, message] of cases) {
      const given = taskDefinition([{ name: "a", image: `${registry}/a:v1` }], config);
      assert.match((await violationsOf(policy, given)).join(), message);
    }
  });
});

describe("policy bounded-exemptions", () => {
  const policy = boundedExemptions({}, now);
  const check = (exemptions: readonly object[], config: object = {}) =>
    violationsOf(policy, { type: stack, config: { trust: trust({ exemptions }), ...config } });

  it("passes an exemption with digest and a near end", async () => {
    assert.deepEqual(await check([exemption]), []);
    assert.deepEqual(await check([{ ...exemption, expires: "2027-04-01" }]), []);
  });

  it("reports what is missing, over or too far away", async () => {
    assert.match((await check([{ ...exemption, image: "public.ecr.aws/x/y" }])).join(), /has no digest/);
    assert.match((await check([{ ...exemption, expires: "2027-04-02" }])).join(), /in more than 90 days/);
    assert.match((await check([{ ...exemption, expires: "2026-12-31" }])).join(), /expired on 2026-12-31/);
    for (const key of ["owner", "reason", "expires"]) {
      const message = new RegExp(`exemptions\\[0\\].${key}: .* is required`);
      assert.match((await check([{ ...exemption, [key]: undefined }])).join(), message);
    }
  });

  it("takes another limit from the configuration", async () => {
    assert.match((await check([exemption], { maxDays: 10 })).join(), /in more than 10 days/);
    assert.match((await check([exemption], { maxDays: 0 })).join(), /maxDays/);
  });

  it("reads the trust document of our own component, and lets an unknown one through to the server", async () => {
    const exemptions = [{ ...exemption, image: "public.ecr.aws/x/y" }];
    const given = { type: component, props: { trust: trust({ exemptions }) } };
    assert.match((await violationsOf(policy, given)).join(), /has no digest/);
    const props = { trust: trust({ exemptions: [{ ...exemption, owner: unknownText }] }) };
    await assert.rejects(violationsOf(policy, { type: component, props }), UnknownValueError);
  });

  it("has nothing to say of a stack without a trust document", async () => {
    assert.deepEqual(await violationsOf(policy, { type: stack }), []);
  });
});

describe("policy trusted-identities", () => {
  const arn = (account: string, profile = "release") =>
    `arn:aws:signer:eu-west-1:${account}:/signing-profiles/${profile}`;
  const environments = [
    { name: "dev", accounts: ["111111111111"] },
    { name: "prod", accounts: ["222222222222"] },
  ];
  const check = (identities: readonly string[], config: object = {}) =>
    violationsOf(trustedIdentities(), {
      type: stack,
      config: {
        environments,
        environment: "prod",
        trust: trust({ statements: [{ name: "release", repositories: ["*"], identities }] }),
        ...config,
      },
    });

  it("passes its own, self, and those of a shared account", async () => {
    const identities = ["self", arn("222222222222"), arn("333333333333")];
    assert.deepEqual(await check(identities, { sharedAccounts: ["333333333333"] }), []);
  });

  it("lets a lower environment trust a higher one, and not the other way round", async () => {
    assert.deepEqual(await check([arn("222222222222")], { environment: "dev" }), []);
    assert.match((await check([arn("111111111111")])).join(), /signs for "dev", an environment below "prod"/);
  });

  it("follows the configured order", async () => {
    assert.deepEqual(await check([arn("111111111111")], { environments: environments.toReversed() }), []);
  });

  it("refuses an account that nobody lists", async () => {
    assert.match((await check([arn("999999999999")])).join(), /account 999999999999, which no environment lists/);
  });

  it("tells environments of one account apart by their identities, versions included", async () => {
    const shared = [
      { name: "dev", accounts: ["222222222222"], identities: [arn("222222222222", "dev")] },
      { name: "prod", accounts: ["222222222222"] },
    ];
    assert.deepEqual(await check([arn("222222222222", "prod")], { environments: shared }), []);
    const version = `${arn("222222222222", "dev")}/abcdefghij`;
    assert.match((await check([version], { environments: shared })).join(), /signs for "dev"/);
    assert.deepEqual(await check([arn("222222222222", "DEV")], { environments: shared }), [], "another profile");
  });

  it("trusts nobody but self when no environment is listed", async () => {
    assert.deepEqual(await check(["self"], { environments: undefined }), []);
    const violations = await check([arn("222222222222")], { environments: undefined });
    assert.match(violations.join(), /account 222222222222, which no environment lists.*under "trusted-identities"/);
  });

  it("is a violation in an environment that the list leaves out", async () => {
    assert.match((await check(["self"], { environment: "test" })).join(), /"test", which is not one of dev, prod/);
  });

  it("lets unknown identities through to the server", async () => {
    const props = { trust: trust({ statements: [{ name: "r", repositories: ["*"], identities: [unknownText] }] }) };
    const given = { type: component, props, config: { environments, environment: "prod" } };
    await assert.rejects(violationsOf(trustedIdentities(), given), UnknownValueError);
  });
});
