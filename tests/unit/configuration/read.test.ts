import assert from "node:assert/strict";
import { readConfiguration, readTrust } from "../../../configuration/read";
import { stackFileConfig } from "./stack-files";
import { LEAST, read } from "./support";

describe("the configuration of a stack", () => {
  it("needs a mode and a trust document; the rest has defaults", () => {
    const { trust, ...rest } = read();

    assert.deepEqual(trust, LEAST.trust);
    assert.deepEqual(rest, {
      stack: "dev",
      environment: "dev",
      account: "111122223333",
      region: "eu-west-1",
      stackIdentities: [],
      mode: "audit",
      onInconclusive: "alert",
      giveUpAfterSeconds: 150,
      verdictTtlSeconds: 300,
      verificationTimeoutSeconds: 20,
      maxSignatures: 50,
      stopBudget: 20,
      ledgerDays: 30,
      breakGlass: { maxHours: 8 },
      blocks: {},
      signingProfile: { validityMonths: 135, signers: [] },
      verifier: { architecture: "arm64", memoryMiB: 512, timeoutSeconds: 120 },
      logs: { retentionDays: 90 },
      eventBus: "default",
      notifications: { email: [], https: [] },
      findings: false,
      sampleWorkload: false,
      dashboard: true,
      protect: false,
      forceDelete: false,
    });
  });

  it("has no gate, and one in audit that no service has where the key is empty", () => {
    assert.equal("gate" in read(), false);
    assert.deepEqual(read({ gate: {} }).gate, {
      mode: "audit",
      attach: "none",
      services: [],
      enforce: {},
      acceptTasksStopped: false,
      reservedConcurrency: 10,
      open: { maxHours: 8 },
    });
  });

  it("names services without a keeper that attaches them, enforces in some places, and accepts stopped tasks", () => {
    const [cluster, service] = ["cluster/web", "service/web/shop"].map(
      (name) => `arn:aws:ecs:eu-west-1:111122223333:${name}`,
    );
    const gate = {
      services: [service],
      enforce: { clusters: [cluster], services: [service] },
      acceptTasksStopped: true,
      reservedConcurrency: "none",
      open: false,
    };

    assert.deepEqual(read({ mode: "enforce", gate }).gate, { mode: "audit", attach: "none", ...gate });
  });

  it("gives numbers, words and lists the types they have", () => {
    const { stopBudget, protect, environment, clusters } = read({
      stopBudget: 7,
      protect: true,
      // Text that looks like a number stays text where text is wanted.
      environment: "42",
      clusters: ["arn:aws:ecs:eu-west-1:111122223333:cluster/web"],
    });

    assert.deepEqual([stopBudget, protect, environment], [7, true, "42"]);
    assert.deepEqual(clusters, ["arn:aws:ecs:eu-west-1:111122223333:cluster/web"]);
  });

  it("takes 30 clusters and 60 identities, in both modes", () => {
    const clusters = Array.from(
      { length: 30 },
      (_, index) => `arn:aws:ecs:eu-west-1:111122223333:cluster/team-${index}`,
    );
    const identities = Array.from(
      { length: 60 },
      (_, index) => `arn:aws:signer:eu-west-1:444455556666:/signing-profiles/team_${index}`,
    );
    const trust = { registries: ["self"], statements: [{ name: "release", repositories: ["*"], identities }] };

    for (const mode of ["audit", "enforce"]) assert.equal(read({ mode, clusters, trust }).clusters?.length, 30);
  });

  it("finds the identities that are other stacks, each once", () => {
    const identities = ["stack:a", "self", "stack:o/p/b"];
    const statements = [
      { name: "one", repositories: ["*"], identities },
      { name: "two", repositories: ["self/app"], identities: ["stack:a"] },
    ];

    const configuration = read({ trust: { registries: ["self"], statements } });

    assert.deepEqual(configuration.stackIdentities, ["stack:a", "stack:o/p/b"]);
    const arn = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/shared";
    const document = readTrust(
      configuration,
      new Map([
        ["stack:a", arn],
        ["stack:o/p/b", `${arn}_b`],
      ]),
    );
    assert.deepEqual(
      document.statements.map((statement) => statement.identities),
      [[arn, "self", `${arn}_b`], [arn]],
    );
  });

  for (const stack of ["dev", "prod"]) {
    it(`of ${stack} is in order, and has no secrets in plain text`, () => {
      const { "aws:region": region, ...config } = stackFileConfig(stack);
      const prefix = "ecs-image-verification:";
      const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));

      const configuration = readConfiguration({
        stack,
        region,
        account: "111122223333",
        values: Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value])),
        secretKeys: new Set(),
      });

      assert.equal(configuration.environment, stack);
      assert.equal(configuration.mode, stack === "prod" ? "enforce" : "audit");
      assert.deepEqual([configuration.slackWebhookUrl, configuration.pagerDutyRoutingKey], [undefined, undefined]);
    });
  }
});
