import assert from "node:assert/strict";
import { ACCOUNT } from "./support/aws-provider";
import { faultyAws } from "./support/faulty-aws";
import { program } from "./support/program";
import type { Configuration } from "./support/project";
import { useScene } from "./support/scene";
import { snsSubscriptions } from "./support/sns-subscriptions";
import { stepsOf } from "./support/steps";

const PREFIX = "ecs-image-verification:";

/** Configuration under the project's keys. */
function own(values: Configuration): Configuration {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${PREFIX}${key}`, value]));
}

function trusting(identities: readonly string[]) {
  return { trust: { registries: ["self"], statements: [{ name: "release", repositories: ["*"], identities }] } };
}

describe("engine: updates of an environment that is there", function () {
  this.timeout(120_000);
  const subscriptions = snsSubscriptions(ACCOUNT);
  const aws = faultyAws(subscriptions);
  const scene = useScene({ ...program, packages: [...(program.packages ?? []), aws.provided] });

  const configure = (stack: string, values: Configuration) =>
    scene().project.configure(stack, (old) => ({ "aws:region": "eu-west-1", ...old, ...own(values) }));
  const up = async (stack: string, values: Configuration, ...flags: readonly string[]) => {
    await configure(stack, values);
    const run = await scene().run("up", stack, ...flags);
    assert.deepEqual([run.code, run.errors], [0, []]);
    return stepsOf(run.steps);
  };

  it("audit becomes enforce with 30 clusters and 60 identities", async () => {
    const clusters = Array.from(
      { length: 30 },
      (_, index) => `arn:aws:ecs:eu-west-1:111122223333:cluster/web-${index}`,
    );
    const identities = Array.from(
      { length: 60 },
      (_, index) => `arn:aws:signer:eu-west-1:444455556666:/signing-profiles/team_${index}`,
    );
    await up("many", { mode: "audit", clusters, ...trusting(identities) });

    const steps = await up("many", { mode: "enforce" });

    assert.ok(steps.includes("replace Policy image-verification-verifier-acting"), steps.join("\n"));
  });

  describe("of what the function may do", () => {
    const since = async (change: () => Promise<unknown>) => {
      const calls = () =>
        scene()
          .calls()
          .filter(({ preview, type }) => !preview && /^aws:.*:(Policy|RolePolicyAttachment|Function)$/.test(type))
          .map(({ method, name }) => `${method} ${name.replace("image-verification-", "")}`);
      const before = calls().length;
      await change();
      return calls().slice(before);
    };

    it("new rights come before the code, and old ones go after it", async () => {
      await up("rights", { mode: "enforce", ...trusting(["self"]) });

      const calls = await since(() => up("rights", { mode: "audit" }));

      const places = [
        "create verifier-acting-attachment",
        "update verifier-function",
        "delete verifier-acting-attachment",
        "delete verifier-acting",
      ].map((call) => calls.indexOf(call));
      assert.ok(!places.includes(-1), calls.join("\n"));
      assert.deepEqual(
        places,
        places.toSorted((one, other) => one - other),
        calls.join("\n"),
      );
    });

    it("old ones stay as long as the code cannot be replaced", async () => {
      await configure("rights", { mode: "enforce" });
      await up("rights", {});
      await configure("rights", { mode: "audit" });
      aws.refuse("operation error Lambda: UpdateFunctionCode, InvalidParameterValueException");

      const failed = await since(() => scene().run("up", "rights"));
      aws.refuse(undefined);
      const finished = await since(() => up("rights", {}, "--refresh"));

      assert.ok(failed.includes("create verifier-acting-attachment"), failed.join("\n"));
      assert.deepEqual(
        failed.filter((call) => call.startsWith("delete ")),
        [],
      );
      assert.ok(finished.indexOf("update verifier-function") < finished.indexOf("delete verifier-acting-attachment"));
    });
  });

  describe("of recipients", () => {
    const [first, second, third] = ["a@example.com", "b@example.com", "c@example.com"];
    const people = (...addresses: readonly string[]) => ({
      mode: "audit",
      ...trusting(["self"]),
      notifications: { email: addresses.map((address) => ({ address })) },
    });
    const outputs = async () => {
      const { stdout } = await scene().pulumi("stack", "output", "--json", "--stack", "told");
      return JSON.parse(stdout);
    };
    const topic = async () => {
      const state = await scene().state("told");
      return String(state.find(({ type }) => type === "aws:sns/topic:Topic")?.outputs?.arn);
    };

    it("one in front of the others unsubscribes nobody", async () => {
      await up("told", people(first, second));
      subscriptions.confirmAll();

      const steps = await up("told", people(third, first, second));

      assert.deepEqual(subscriptions.confirmed(await topic()), [first, second]);
      assert.deepEqual(
        steps.map((step) => step.replace(/-[0-9a-f]{12}$/, "")),
        ["create TopicSubscription image-verification-notifications-email"],
      );
    });

    it("an output says who has not confirmed, as of the last look", async () => {
      await up("told", {}, "--refresh");

      assert.deepEqual((await outputs()).unconfirmedRecipients, [third]);
    });

    it("who never confirmed is asked again by an update with a refresh", async () => {
      subscriptions.forgetUnconfirmed();

      await up("told", {}, "--refresh");
      subscriptions.confirmAll();

      assert.deepEqual(subscriptions.confirmed(await topic()), [first, second, third]);
    });
  });

  describe("of which the function's fails", () => {
    const repositories = {
      registries: ["self"],
      statements: [{ name: "a", repositories: ["self/a"], identities: ["self"] }],
    };

    before(() => up("behind", { mode: "audit", trust: repositories }));
    after(() => aws.refuse(undefined));

    it("the next update fails as well, with the reason, though Pulumi has recorded the new image", async () => {
      await configure("behind", { mode: "enforce" });
      aws.refuse("operation error Lambda: UpdateFunctionCode, InvalidParameterValueException");
      assert.notEqual((await scene().run("up", "behind")).code, 0);
      aws.refuse(undefined);

      const again = await scene().run("up", "behind");

      assert.notEqual(again.code, 0);
      assert.match(again.errors.join("\n"), /differs from this deployment: image: sha256:.*pulumi up --refresh/);
    });

    it("also where only its memory or its reserved concurrency was not changed", async () => {
      await configure("behind", { mode: "audit", verifier: { memoryMiB: 1024, reservedConcurrency: 5 } });
      await up("behind", {}, "--refresh");
      await configure("behind", { verifier: { memoryMiB: 2048, reservedConcurrency: 7 } });
      aws.refuse("operation error Lambda: PutFunctionConcurrency, InvalidParameterValueException");
      assert.notEqual((await scene().run("up", "behind")).code, 0);
      aws.refuse(undefined);

      const again = await scene().run("up", "behind");

      assert.notEqual(again.code, 0);
      assert.match(
        again.errors.join("\n"),
        /differs from this deployment: memory in MiB: 1024 instead of 2048; reserved concurrency: 5 instead of 7\. .*pulumi up --refresh/,
      );
    });

    it("and what the message says brings it up to date", async () => {
      const steps = await up("behind", {}, "--refresh");

      assert.ok(steps.includes("update Function image-verification-verifier-function"), steps.join("\n"));
      assert.deepEqual(await up("behind", {}), []);
    });
  });

  describe("that would replace the signing profile", () => {
    const settings = { mode: "audit", ...trusting(["self"]), signingProfile: { validityMonths: 12 } };
    const profiles = async () =>
      (await scene().state("signed"))
        .filter(({ type }) => type === "aws:signer/signingProfile:SigningProfile")
        .map(({ id }) => id);
    const refusal = async (command: "preview" | "up") => {
      const before = await profiles();
      const run = await scene().run(command, "signed");
      assert.notEqual(run.code, 0);
      assert.deepEqual(await profiles(), before);
      return run.errors.join("\n");
    };

    before(() => up("signed", settings));

    it("another validity is refused, with what to do instead, and the profile is left alone", async () => {
      await configure("signed", { signingProfile: { validityMonths: 24 } });

      for (const command of ["preview", "up"] as const) {
        assert.match(await refusal(command), /valid for 12 months.*docs\/rotation\.md/);
      }
    });

    it("another region is refused before anything is changed", async () => {
      await configure("signed", settings);
      await scene().project.configure("signed", (old) => ({ ...old, "aws:region": "eu-central-1" }));

      assert.match(
        await refusal("preview"),
        /^The configuration[\s\S]*aws:region: "eu-central-1" is not the region of this stack, which is eu-west-1/,
      );
    });

    it("another profile is refused unless the old one stays trusted", async () => {
      const [old] = await profiles();
      const arn = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release_2027";
      await scene().project.configure("signed", (config) => ({ ...config, "aws:region": "eu-west-1" }));
      await configure("signed", { signingProfile: { arn } });

      assert.match(
        await refusal("preview"),
        new RegExp(`signingProfile\\.arn: [\\s\\S]*${old}[\\s\\S]*docs/rotation\\.md`),
      );

      await up("signed", trusting(["self", `arn:aws:signer:eu-west-1:111122223333:/signing-profiles/${old}`]));
      assert.deepEqual(await profiles(), []);
    });

    it("what is the same as before is no change", async () => {
      assert.deepEqual(await up("signed", {}), []);
    });
  });

  describe("after its signing profile was cancelled outside of Pulumi", () => {
    const profiles = async () =>
      (await scene().state("lost"))
        .filter(({ type }) => type === "aws:signer/signingProfile:SigningProfile")
        .map(({ id }) => id);
    const output = async () => {
      const { stdout } = await scene().pulumi("stack", "output", "--json", "--stack", "lost");
      return String(JSON.parse(stdout).signingProfileArn);
    };
    let lost = "";

    before(async () => {
      await up("lost", { mode: "enforce", protect: true, ...trusting(["self"]) });
      lost = await output();
      aws.cancelProfiles();
    });

    for (const [command, ...flags] of [["up", "--refresh"], ["preview"], ["up"]] as const) {
      it(`${[command, ...flags].join(" ")} is refused, and no new one takes its place as self`, async () => {
        const run = await scene().run(command, "lost", ...flags);

        assert.notEqual(run.code, 0);
        assert.match(run.errors.join("\n"), new RegExp(`profile ${lost} of the last .*List ${lost} beside self`));
        assert.deepEqual([await profiles(), await output()], [[], lost]);
      });
    }

    it("while the old one is listed beside self, a new one is made, and the next update may end the trust", async () => {
      await up("lost", trusting(["self", lost]));
      const made = await output();

      assert.notEqual(made, lost);
      assert.equal((await profiles()).length, 1);
      await up("lost", trusting(["self"]));
      assert.equal(await output(), made);
    });
  });
});
