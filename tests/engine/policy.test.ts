import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Violation } from "./support/engine-events";
import { judgedBy, mandatoryOf, shortOf } from "./support/policy-runs";
import { program } from "./support/program";
import type { Configuration } from "./support/project";
import { isRecord } from "./support/properties";
import { useScene } from "./support/scene";

/** What a preview of a new environment cannot know: the policies, and what they are about. */
const UNKNOWN_AT_FIRST = [
  "verifier-resources image-verification-detector-target .deadLetterConfig.arn",
  ...["verifier", "sweep-coordinator", "sweep-worker"].map(
    (part) => `verifier-resources image-verification-${part}-function .imageUri`,
  ),
  ...["verifier", "sweep-coordinator"].map(
    (part) => `verifier-resources image-verification-${part}-retries .destinationConfig.onFailure.destination`,
  ),
  ...["verifier-acting", "verifier-reading", "sweep-worker-acting", "sweep-worker-reading"].flatMap((part) => [
    `verifier-role image-verification-${part} .policy`,
    `verifier-role image-verification-${part}-attachment .policyArn`,
  ]),
  ...["coordinator-policy", "schedule-policy", "worker-clusters"].map(
    (part) => `verifier-role image-verification-sweep-${part} .policy`,
  ),
];
const UNKNOWN_OF_THE_SAMPLE = ["signed", "unsigned"].flatMap((name) =>
  ["digest-pinned", "trusted-registries", "version-consistency"].map(
    (policy) => `${policy} image-verification-sample-${name}-task .containerDefinitions`,
  ),
);

describe("engine: the policy pack on this program", function () {
  this.timeout(60_000);
  const scene = useScene(program);

  const judged = (file: string) => judgedBy("policy", file);
  const unknown = (violation: Violation) => {
    const [, path] = /string value at (\S+) can't be known during preview$/.exec(violation.message) ?? [];
    assert.deepEqual([violation.level, path === undefined], ["advisory", false], violation.message);
    return `${violation.policy} ${shortOf(violation.urn)} ${path}`;
  };
  const trusting = (identity: string) => (configuration: Configuration) => {
    const trust = configuration["ecs-image-verification:trust"];
    assert.ok(isRecord(trust) && Array.isArray(trust.statements));
    const [statement] = trust.statements;
    return {
      ...configuration,
      "ecs-image-verification:trust": { ...trust, statements: [{ ...statement, identities: ["self", identity] }] },
    };
  };

  for (const stack of ["dev", "prod"]) {
    describe(stack, () => {
      const flags = judged(`policy-${stack}.json`);

      it("preview: nothing is against it, and what is not known yet is said", async () => {
        const run = await scene().run("preview", stack, ...flags);

        assert.deepEqual([run.code, run.errors, run.warnings], [0, [], []]);
        assert.match(run.stdout, /ecs-image-verification@v[\d.]+ \(local: policy\)/);
        const expected = [...UNKNOWN_AT_FIRST, ...(stack === "dev" ? UNKNOWN_OF_THE_SAMPLE : [])];
        assert.deepEqual(run.violations.map(unknown).sort(), expected.sort());
      });

      it("up: everything is known, and nothing is against it", async () => {
        const run = await scene().run("up", stack, ...flags);

        assert.deepEqual([run.code, run.errors, run.warnings, run.violations], [0, [], [], []]);
        assert.match(run.stdout, /✅ ecs-image-verification@v[\d.]+ \(local: policy\)/);
      });

      it("preview of what is there: everything is known, and nothing is against it", async () => {
        const run = await scene().run("preview", stack, ...flags);

        assert.deepEqual([run.code, run.violations], [0, []]);
      });
    });
  }

  describe("what would be wrong", () => {
    it("dev does not pass as prod: its function has no reserved concurrency", async () => {
      const run = await scene().run("preview", "dev", ...judged("policy-prod.json"));

      assert.notEqual(run.code, 0);
      const [violation, ...more] = mandatoryOf(run.violations);
      assert.deepEqual([shortOf(violation?.urn ?? ""), more], ["image-verification-verifier-function", []]);
      assert.match(violation?.message ?? "", /has no reservedConcurrentExecutions/);
    });

    it("prod must not trust a profile of dev, nor of an account that nobody lists", async () => {
      const devAccount = "222233334444";
      const settings = JSON.parse(await readFile(join(scene().project.folder, "policy-prod.json"), "utf8"));
      settings["trusted-identities"].environments[0].accounts = [devAccount];
      const file = join(scene().project.folder, "policy-accounts.json");
      await writeFile(file, JSON.stringify(settings));
      const messages = async (account: string) => {
        const identity = `arn:aws:signer:eu-west-1:${account}:/signing-profiles/release`;
        await scene().project.configure("prod", trusting(identity));
        const run = await scene().run("preview", "prod", ...judged(file));
        assert.notEqual(run.code, 0);
        const [violation, ...more] = mandatoryOf(run.violations);
        assert.deepEqual([violation?.policy, more], ["trusted-identities", []]);
        return violation?.message ?? "";
      };

      assert.match(await messages(devAccount), /which signs for "dev", an environment below "prod"/);
      assert.match(await messages("999900001111"), /of the account 999900001111, which no environment lists/);
    });

    it("without a configuration it asks for everything", async () => {
      const run = await scene().run("preview", "dev", "--policy-pack", "policy");

      assert.notEqual(run.code, 0);
      assert.deepEqual(
        mandatoryOf(run.violations).map(({ policy }) => policy),
        ["verifier-resources"],
      );
    });

    it("a configuration with an unknown key stops the run and names it", async () => {
      const file = join(scene().project.folder, "policy-mistyped.json");
      await writeFile(file, JSON.stringify({ "verifier-resources": { reservedConcurency: false } }));

      const run = await scene().run("preview", "dev", ...judged(file));

      assert.notEqual(run.code, 0);
      assert.ok(mandatoryOf(run.violations).length > 0);
      for (const { message } of mandatoryOf(run.violations)) {
        assert.match(
          message,
          /"reservedConcurency": no such key; beside enforcementLevel it has reservedConcurrency\./,
        );
      }
    });
  });
});
