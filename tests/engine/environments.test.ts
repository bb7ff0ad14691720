import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { program, SAMPLE_DIGEST } from "./support/program";
import type { Configuration } from "./support/project";
import { isRecord, type Properties } from "./support/properties";
import { useScene } from "./support/scene";
import { stepsOf } from "./support/steps";

const COMPONENTS = "ecs-image-verification:components:";
const PROTECTED = [
  "aws:dynamodb/table:Table",
  "aws:dynamodb/table:Table",
  "aws:kms/key:Key",
  "aws:signer/signingProfile:SigningProfile",
];

/** The steps of a deployment that has the function asked another time, or that of a part. */
const askedAgain = (part = "") =>
  ["create-replacement", "delete-replaced", "replace"].map(
    (step) => `${step} Invocation image-verification-${part}check-invocation`,
  );

describe("engine: the environments", function () {
  this.timeout(60_000);
  const scene = useScene(program);

  const resources = async (stack: string, type: string) =>
    (await scene().state(stack)).filter((resource) => resource.type === type);
  const made = async (stack: string) =>
    (
      await scene()
        .state(stack)
        .catch(() => [])
    ).filter(({ type }) => !type.startsWith("pulumi:"));
  const only = async (stack: string, type: string): Promise<Properties> => {
    const found = await resources(stack, type);
    assert.equal(found.length, 1, type);
    return found[0]?.outputs ?? {};
  };
  /** The images that the functions of a stack run, each once. */
  const imagesOf = async (stack: string) => {
    const functions = await resources(stack, "aws:lambda/function:Function");
    return [...new Set(functions.map(({ outputs: made = {} }) => made.imageUri))];
  };
  const outputs = async (stack: string) => {
    const { stdout } = await scene().pulumi("stack", "output", "--json", "--stack", stack);
    const value = z.union([z.string(), z.json().transform((json) => JSON.stringify(json))]);
    return z.record(z.string(), value).parse(JSON.parse(stdout));
  };
  const trusting = (identity: string) => (configuration: Configuration) => {
    const trust = configuration["ecs-image-verification:trust"];
    assert.ok(isRecord(trust) && Array.isArray(trust.statements));
    const [statement] = trust.statements;
    const statements = [{ ...statement, identities: [...statement.identities, identity] }];
    return { ...configuration, "ecs-image-verification:trust": { ...trust, statements } };
  };

  for (const stack of ["dev", "prod"]) {
    describe(stack, () => {
      it("preview: shows everything, makes nothing", async () => {
        const run = await scene().run("preview", stack);

        assert.deepEqual([run.code, run.errors, run.warnings], [0, [], []]);
        assert.ok(stepsOf(run.steps).every((step) => step.startsWith("create ")));
        assert.deepEqual(await made(stack), []);
      });

      it("up: makes what the preview showed", async () => {
        const planned = await scene().run("preview", stack);

        const run = await scene().run("up", stack);

        assert.deepEqual([run.code, run.errors, run.warnings], [0, [], []]);
        assert.deepEqual(stepsOf(run.steps), stepsOf(planned.steps));
      });

      it("the functions run the image that was built, by its digest", async () => {
        const image = await only(stack, "docker:index/image:Image");

        assert.match(String(image.repoDigest), /@sha256:[0-9a-f]{64}$/);
        assert.deepEqual(await imagesOf(stack), [image.repoDigest]);
      });

      it("every output has a value, and none has a hole", async () => {
        const text = JSON.stringify(await outputs(stack));

        assert.doesNotMatch(text, /undefined|null|\[object|\[unknown\]|NaN/);
      });

      it("every part has the component as its ancestor", async () => {
        const state = await scene().state(stack);
        const orphans = state.filter(
          ({ type, parent }) =>
            !type.startsWith("pulumi:") && type !== `${COMPONENTS}ImageVerification` && !parent?.includes(COMPONENTS),
        );

        assert.deepEqual(orphans, []);
      });

      it("up again: changes nothing", async () => {
        const run = await scene().run("up", stack);

        assert.deepEqual([run.code, stepsOf(run.steps)], [0, []]);
        assert.deepEqual(Object.keys(run.summary), ["same"]);
      });

      it("another trusted identity changes the image and each function's reference to it, and what judges is asked again", async () => {
        const identity = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/release";
        await scene().project.configure(stack, trusting(identity));

        const run = await scene().run("up", stack);

        assert.deepEqual([run.code, run.errors], [0, []]);
        assert.deepEqual(
          stepsOf(run.steps),
          [
            ...askedAgain(),
            ...askedAgain("sweep-"),
            "update Function image-verification-sweep-coordinator-function",
            "update Function image-verification-sweep-worker-function",
            "update Function image-verification-verifier-function",
            "update Image image-verification-image-image",
          ].sort(),
        );
        const image = await only(stack, "docker:index/image:Image");
        assert.deepEqual(await imagesOf(stack), [image.repoDigest]);
      });
    });
  }

  describe("their sweep", () => {
    it("is invoked as often as the stack's file says, with the time that EventBridge Scheduler fills in", async () => {
      for (const [stack, every] of [
        ["dev", "rate(6 hours)"],
        ["prod", "rate(1 hour)"],
      ] as const) {
        const { scheduleExpression, target } = await only(stack, "aws:scheduler/schedule:Schedule");
        assert.ok(isRecord(target));
        assert.equal(scheduleExpression, every);
        assert.equal(target.input, '{"ecsImageVerification":"sweep","run":"<aws.scheduler.scheduled-time>"}');
        const name = `ecs-image-verification-sweep-${stack}`;
        assert.equal(target.arn, `arn:aws:lambda:eu-west-1:111122223333:function:${name}`);
        assert.equal((await outputs(stack)).sweepFunctionName, name);
      }
    });
  });

  describe("what sets them apart", () => {
    it("dev: the sample is signed by its digest, and its tasks run on Fargate and on EC2", async () => {
      const { signedImage, howToRunTheSample = "" } = await outputs("dev");
      const tasks = await resources("dev", "aws:ecs/taskDefinition:TaskDefinition");

      assert.match(String(signedImage), new RegExp(`/image-verification-sample-signed-.*@${SAMPLE_DIGEST}$`));
      assert.equal(tasks.length, 2);
      for (const { outputs: task = {} } of tasks) {
        assert.deepEqual(
          [task.requiresCompatibilities, task.cpu, task.memory, task.networkMode],
          [["EC2", "FARGATE"], "256", "512", "awsvpc"],
        );
        assert.ok(howToRunTheSample.includes(String(task.arn)), String(task.arn));
        assert.match(String(task.containerDefinitions), new RegExp(`@${SAMPLE_DIGEST}"`));
      }
    });

    it("prod has no sample, and only it may stop tasks", async () => {
      const policies = async (stack: string) => JSON.stringify(await resources(stack, "aws:iam/policy:Policy"));

      assert.deepEqual(await resources("prod", "aws:ecs/taskDefinition:TaskDefinition"), []);
      assert.match(await policies("prod"), /ecs:StopTask/);
      assert.doesNotMatch(await policies("dev"), /ecs:StopTask/);
    });
  });

  describe("a third", () => {
    it("needs a third file only, and can trust the signing profile of another stack", async () => {
      const statement = { name: "release", repositories: ["*"], identities: ["stack:dev"] };
      await scene().project.configure("staging", () => ({
        "aws:region": "eu-west-1",
        "aws:allowedAccountIds": ["111122223333"],
        "ecs-image-verification:mode": "audit",
        "ecs-image-verification:trust": { registries: ["self"], statements: [statement] },
      }));

      const run = await scene().run("up", "staging");

      assert.deepEqual([run.code, run.errors], [0, []]);
      const { signingProfileArn } = await outputs("dev");
      const { build } = await only("staging", "docker:index/image:Image");
      assert.ok(isRecord(build) && isRecord(build.args));
      assert.match(String(signingProfileArn), /^arn:aws:signer:/);
      assert.ok(String(build.args.TRUST_POLICY).includes(String(signingProfileArn)), String(build.args.TRUST_POLICY));
    });

    it("is not deployed once that stack has another signing profile, unless the old one is listed as well", async () => {
      const { signingProfileArn = "" } = await outputs("dev");
      const { stdout: before } = await scene().pulumi("stack", "export", "--stack", "dev");
      const replaceProfile = async (file: string, text: string) => {
        await writeFile(file, text);
        await scene().pulumi("stack", "import", "--stack", "dev", "--file", file);
      };
      const trusting = (...identities: readonly string[]) =>
        scene().project.configure("staging", (configuration) => ({
          ...configuration,
          "ecs-image-verification:trust": {
            registries: ["self"],
            statements: [{ name: "release", repositories: ["*"], identities }],
          },
        }));
      const file = join(scene().project.folder, "dev.json");
      await replaceProfile(file, before.replaceAll(signingProfileArn, `${signingProfileArn}_2`));

      const refused = await scene().run("preview", "staging");
      await trusting("stack:dev", signingProfileArn);
      const accepted = await scene().run("preview", "staging");
      await trusting("stack:dev");
      await replaceProfile(file, before);

      assert.notEqual(refused.code, 0);
      assert.match(refused.errors.join(), /identities\[0\]: "stack:dev" is now the signing profile .*_2, and was /);
      assert.deepEqual([accepted.code, accepted.errors], [0, []]);
    });
  });

  describe("repositories that the trust document names", () => {
    const statement = { name: "release", repositories: ["registry.example.com/app"], identities: ["self"] };
    const invocations = (steps: readonly string[]) => steps.filter((step) => step.includes(" Invocation "));
    const unreadable = /^The verifier cannot read "registry\.example\.com\/app": registry-login-required, "401"\. /;

    it("are looked into by the function, and an update warns of what it cannot read", async () => {
      await scene().project.configure("staging", (configuration) => ({
        ...configuration,
        "ecs-image-verification:trust": { registries: ["registry.example.com"], statements: [statement] },
      }));

      const preview = await scene().run("preview", "staging");
      const run = await scene().run("up", "staging");

      assert.deepEqual([preview.code, preview.warnings], [0, []]);
      assert.deepEqual([run.code, run.errors, run.warnings.length], [0, [], 1]);
      assert.match(run.warnings.join(), unreadable);
      assert.deepEqual(invocations(stepsOf(run.steps)), askedAgain());
    });

    it("are looked into again when the image has changed, and not otherwise", async () => {
      const unchanged = await scene().run("up", "staging");
      await scene().project.configure("staging", (configuration) => ({
        ...configuration,
        "ecs-image-verification:verdictTtlSeconds": 60,
      }));

      const changed = await scene().run("up", "staging");

      assert.deepEqual(stepsOf(unchanged.steps), []);
      assert.deepEqual(invocations(stepsOf(changed.steps)), askedAgain());
    });
  });

  describe("a stack with dots in its name", () => {
    it("has a sample like others", async () => {
      const statement = { name: "release", repositories: ["*"], identities: ["self"] };
      await scene().project.configure("eu.west", () => ({
        "aws:region": "eu-west-1",
        "ecs-image-verification:mode": "audit",
        "ecs-image-verification:trust": { registries: ["self"], statements: [statement] },
        "ecs-image-verification:sampleWorkload": true,
      }));

      const run = await scene().run("up", "eu.west");

      assert.deepEqual([run.code, run.errors], [0, []]);
      assert.equal((await resources("eu.west", "aws:ecs/taskDefinition:TaskDefinition")).length, 2);
    });
  });

  describe("tear-down", () => {
    it("dev: destroy leaves nothing", async () => {
      const run = await scene().run("destroy", "dev");

      assert.deepEqual([run.code, run.errors], [0, []]);
      assert.deepEqual(await scene().state("dev"), []);
    });

    it("prod: destroy keeps the signing profile, the ledger and the orders with their key, and says how to unprotect them", async () => {
      await scene().project.configure("prod", (before) => ({ ...before, "ecs-image-verification:forceDelete": true }));
      assert.equal((await scene().run("up", "prod")).code, 0);

      const run = await scene().run("destroy", "prod");

      assert.notEqual(run.code, 0);
      assert.deepEqual(
        run.errors.filter((error) => /cannot be deleted\n.*pulumi state unprotect/s.test(error)).length,
        PROTECTED.length,
      );
      const left = (await scene().state("prod")).filter(({ type }) => type.startsWith("aws:"));
      assert.deepEqual(left.map(({ type }) => type).sort(), PROTECTED);
      assert.ok(left.every(({ protect }) => protect));
    });
  });
});
