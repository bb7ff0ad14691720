import assert from "node:assert/strict";
import { EnforcementLevel } from "@pulumi/pulumi/proto/analyzer_pb";
import { type PolicyServer, startPolicyServer } from "./support/policy-server";

const taskDefinition = "aws:ecs/taskDefinition:TaskDefinition";
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const registry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
const containers = (image: string) => ({ containerDefinitions: JSON.stringify([{ name: "app", image }]) });

describe("policy server with the pack", () => {
  let server: PolicyServer;

  before(async function () {
    this.timeout(60_000);
    server = await startPolicyServer();
  });
  beforeEach(() => server.configure({}));
  after(() => server.stop());

  it("tells the engine of every policy, with its level, its way out and its configuration", async () => {
    const { policiesList } = await server.info();

    const levels = Object.fromEntries(policiesList.map(({ name, enforcementlevel }) => [name, enforcementlevel]));
    assert.deepEqual(levels, {
      "digest-pinned": EnforcementLevel.MANDATORY,
      "trusted-registries": EnforcementLevel.MANDATORY,
      "bounded-exemptions": EnforcementLevel.MANDATORY,
      "image-verified": EnforcementLevel.DISABLED,
      "image-verification-conclusive": EnforcementLevel.ADVISORY,
      "version-consistency": EnforcementLevel.MANDATORY,
      "visible-images": EnforcementLevel.ADVISORY,
      "verification-hook": EnforcementLevel.ADVISORY,
      "deployment-controller": EnforcementLevel.ADVISORY,
      "gate-protected": EnforcementLevel.MANDATORY,
      "verifier-resources": EnforcementLevel.MANDATORY,
      "verifier-complete": EnforcementLevel.MANDATORY,
      "verifier-role": EnforcementLevel.MANDATORY,
      "trusted-identities": EnforcementLevel.MANDATORY,
      "signed-repositories": EnforcementLevel.MANDATORY,
    });
    for (const { name, remediationSteps, severity } of policiesList) {
      assert.ok(remediationSteps !== "" && severity > 0, name);
    }
  });

  it("reports a violation with the configured level", async () => {
    await server.configure({ "digest-pinned": { mandatory: false } });

    const diagnostics = await server.analyze(taskDefinition, containers(`${registry}/app:v1`));

    const [found] = diagnostics.filter(({ policyname }) => policyname === "digest-pinned");
    assert.match(found?.message ?? "", /container "app" names its image/);
    assert.equal(found?.enforcementlevel, EnforcementLevel.ADVISORY);
  });

  it("hands the configuration to the policy", async () => {
    const statements = [{ name: "release", repositories: ["*"], identities: ["self"] }];
    const properties = {
      trust: { registries: ["self"], statements },
      account: "111122223333",
      region: "eu-west-1",
    };
    await server.configure({ "trusted-registries": { mandatory: true, properties } });

    const own = await server.analyze(taskDefinition, containers(`${registry}/app:v1`));
    const foreign = await server.analyze(taskDefinition, containers("nginx"));

    const named = (list: typeof own) => list.filter(({ policyname }) => policyname === "trusted-registries");
    assert.deepEqual(named(own), []);
    assert.match(named(foreign)[0]?.message ?? "", /from docker.io/);
    assert.equal(named(foreign)[0]?.enforcementlevel, EnforcementLevel.MANDATORY);
  });

  it("makes an advisory of what a preview does not know", async () => {
    const diagnostics = await server.analyze(taskDefinition, { containerDefinitions: unknownText });

    const [found] = diagnostics.filter(({ policyname }) => policyname === "digest-pinned");
    assert.match(found?.message ?? "", /can't be known during preview/);
    assert.equal(found?.enforcementlevel, EnforcementLevel.ADVISORY);
  });

  it("looks at the stack as a whole", async () => {
    const diagnostics = await server.analyzeStack("ecs-image-verification:components:LaunchDetector");

    assert.equal(diagnostics.length, 2);
    assert.match(diagnostics[0]?.message ?? "", /lacks a rule for launches/);
    assert.match(diagnostics[0]?.urn ?? "", /LaunchDetector::it$/);
  });
});
