import assert from "node:assert/strict";
import { SETTINGS_LABEL } from "../../components/image/verifier-build";
import { toBehaviour } from "../../configuration/behaviour";
import { expandTrustDocument, parseTrustDocument } from "../../trust";
import { hashSettings } from "../../verifier/src/settings-hash";
import { type ImageRegistry, startImageRegistry } from "../support/image-registry";
import { read } from "../unit/configuration/support";
import { ACCOUNT, awsPackage, REGISTRY_PASSWORD } from "./support/aws-provider";
import { program } from "./support/program";
import type { Configuration } from "./support/project";
import { useScene } from "./support/scene";
import { snsSubscriptions } from "./support/sns-subscriptions";
import { stepsOf } from "./support/steps";

const REGION = "eu-west-1";
const REPOSITORY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/platform/verifier`;
const NO_DAEMON = /unexpected error from Configure: failed to connect to any docker daemon/;
/** Keeps `self` out: then all is known before the first deployment. */
const TRUST = {
  registries: ["self"],
  statements: [
    {
      name: "release",
      repositories: ["*"],
      identities: [`arn:aws:signer:${REGION}:${ACCOUNT}:/signing-profiles/release`],
    },
  ],
};

describe("engine: a machine without Docker", function () {
  this.timeout(120_000);
  let registry: ImageRegistry;

  before(async () => {
    registry = await startImageRegistry(REGISTRY_PASSWORD);
  });

  after(() => registry.close());

  const scene = useScene({
    ...program,
    // What ECR says its address is, the program believes.
    packages: [...(program.packages ?? []), awsPackage(snsSubscriptions(ACCOUNT), () => registry.url)],
  });

  beforeEach(() => scene().containerEngine.stop());

  const configure = (stack: string, values: Configuration) =>
    scene().project.configure(stack, (old) => ({
      ...old,
      "aws:region": REGION,
      ...Object.fromEntries(Object.entries(values).map(([key, value]) => [`ecs-image-verification:${key}`, value])),
    }));
  const run = async (command: "preview" | "up" | "refresh" | "destroy", stack: string) => {
    const { code, errors, steps } = await scene().run(command, stack);
    return { code, errors: errors.join("\n"), steps: stepsOf(steps) };
  };
  const succeeds = async (command: Parameters<typeof run>[0], stack: string) => {
    const { code, errors, steps } = await run(command, stack);
    assert.deepEqual([code, errors], [0, ""], command);
    return steps;
  };
  const typesIn = async (stack: string) => (await scene().state(stack)).map(({ type }) => type);

  /** Puts an image into the registry that says it was built from this configuration; gives its address. */
  function built(stack: string, values: Configuration): string {
    const settings = toBehaviour(read(values, { stack, region: REGION, account: ACCOUNT }));
    const trust = expandTrustDocument(parseTrustDocument(TRUST), { account: ACCOUNT, region: REGION });
    const labels = { [SETTINGS_LABEL]: hashSettings({ ...settings, trust }) };
    return `${REPOSITORY}@${registry.put("platform/verifier", { labels })}`;
  }

  describe("with an image that was built elsewhere", () => {
    const settings = { mode: "audit", trust: TRUST };
    const configured = () => ({ ...settings, verifier: { imageUri: built("elsewhere", settings) } });

    it("is enough for preview, up and refresh, and no resource of Docker is made", async () => {
      await configure("elsewhere", configured());

      await succeeds("preview", "elsewhere");
      await succeeds("up", "elsewhere");
      await succeeds("refresh", "elsewhere");

      const types = await typesIn("elsewhere");
      assert.ok(types.includes("aws:lambda/function:Function"));
      assert.deepEqual(
        types.filter((type) => type.includes("docker") || type.startsWith("aws:ecr/")),
        [],
      );
    });

    it("is enough to tell somebody else", async () => {
      await configure("elsewhere", { notifications: { email: [{ address: "a@example.com" }] } });

      const steps = await succeeds("up", "elsewhere");

      assert.deepEqual(
        steps.map((step) => step.replace(/-[0-9a-f]{12}$/, "")),
        ["create TopicSubscription image-verification-notifications-email"],
      );
    });

    it("is refused where it was built from other settings, at preview and before the function changes", async () => {
      const { imageUri } = configured().verifier;
      await configure("elsewhere", { maxSignatures: 7 });
      const before = scene().calls().length;

      for (const command of ["preview", "up"] as const) {
        const { code, errors } = await run(command, "elsewhere");

        assert.notEqual(code, 0);
        assert.match(errors, new RegExp(`${imageUri} was built from other settings`));
        assert.match(errors, /ecs-image-verification image build --stack elsewhere --repository .* --push/);
      }
      const changed = scene()
        .calls()
        .slice(before)
        .filter(({ method, preview }) => !preview && ["create", "update", "delete"].includes(method));
      assert.deepEqual(changed, []);
    });

    it("is taken once it was built again", async () => {
      const verifier = { imageUri: built("elsewhere", { ...settings, maxSignatures: 7 }) };
      await configure("elsewhere", { verifier });

      const steps = await succeeds("up", "elsewhere");
      assert.deepEqual(
        steps.filter((step) => !step.includes(" Invocation ")),
        ["update Function image-verification-verifier-function"],
      );
    });

    it("is refused where the registry does not say what it is", async () => {
      registry.fail(503);
      const { code, errors } = await run("preview", "elsewhere").finally(() => registry.fail(undefined));

      assert.notEqual(code, 0);
      assert.match(errors, /an unchecked image is not deployed: GET .*: 503 the registry is not well/);
    });

    it("is enough for destroy", async () => {
      await succeeds("destroy", "elsewhere");

      assert.deepEqual(await scene().state("elsewhere"), []);
    });
  });

  describe("with an image to build", () => {
    const settings = { mode: "audit", trust: TRUST, forceDelete: true };

    it("the program says what to do before anything is made, and the provider is not reached", async () => {
      await configure("here", settings);

      for (const command of ["preview", "up"] as const) {
        const { code, errors, steps } = await run(command, "here");

        assert.notEqual(code, 0);
        assert.match(errors, /no container engine answers on this machine[\s\S]*Tried unix:.*there is no such socket/);
        assert.match(errors, /image build --stack here[\s\S]*--path verifier\.imageUri/);
        assert.doesNotMatch(errors, NO_DAEMON);
        assert.deepEqual(
          steps.filter((step) => !step.includes(" Stack ")),
          [],
        );
      }
    });

    it("what Docker has built is refreshed only with Docker, and the provider says so", async () => {
      await scene().containerEngine.start();
      await succeeds("up", "here");
      await scene().containerEngine.stop();

      const { code, errors } = await run("refresh", "here");

      assert.notEqual(code, 0);
      assert.match(errors, NO_DAEMON);
    });

    it("what Docker has built gives way to an image that was built elsewhere, without Docker", async () => {
      await configure("here", { verifier: { imageUri: built("here", settings) } });

      await succeeds("up", "here");

      const types = await typesIn("here");
      assert.deepEqual(
        types.filter((type) => type.includes("docker") || type.startsWith("aws:ecr/")),
        [],
      );
      await succeeds("destroy", "here");
    });

    it("what Docker has built is destroyed without Docker", async () => {
      await configure("gone", settings);
      await scene().containerEngine.start();
      await succeeds("up", "gone");
      await scene().containerEngine.stop();

      await succeeds("destroy", "gone");

      assert.deepEqual(await scene().state("gone"), []);
    });
  });
});
