import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../build/cache";
import { pushImage } from "../../local/images";
import { type LocalStack, startLocalStack } from "../../local/stack";
import { orSkip } from "../support/skip-or-fail";
import { dockerPackage, type ImageBuild } from "./support/docker-provider";
import { BUILD_LIMIT_MS, requireCli } from "./support/requirements";
import { type Scene, startScene } from "./support/scene";
import { stepsOf } from "./support/steps";

const FUNCTION = "aws:lambda/function:Function";
const DIGEST = `sha256:${"d".repeat(64)}`;
/** What Docker says where the base image refuses the settings: tests/image/on-base.test.ts has it say so. */
const OLDER = "settings.json: version is 2; this verifier reads settings of version 1 only";

describe("engine: the base image of an environment", function () {
  this.timeout(120_000);
  let local: LocalStack;
  let scene: Scene;
  const builds: ImageBuild[] = [];
  let refusal: string | undefined;

  before("start the engine, the registry and the Signer", async function () {
    this.timeout(BUILD_LIMIT_MS);
    await requireCli(this);
    local = await orSkip(this, () => startLocalStack());
    const trustStore = await local.temporaryFolder();
    await writeFile(join(trustStore, "root.pem"), local.signer.rootPem);
    scene = await startScene({
      project: join(__dirname, "fixtures/base-image"),
      projectName: "base-image",
      packages: [dockerPackage(build)],
      environment: {
        ...local.environment,
        SIGNER_PLUGIN: local.programs.plugin,
        ECS_IMAGE_VERIFICATION_CACHE: cacheFolder(),
      },
    });
    await scene.project.configure("dev", () => ({
      "aws:region": "eu-west-1",
      "base-image:registry": local.registry,
      "base-image:profile": local.signer.putProfile("base").arn,
      "base-image:signer": local.signer.url,
      "base-image:trust-store": trustStore,
    }));
  });
  after("stop them", async () => {
    await scene?.close();
    await local?.close();
  });
  beforeEach(() => {
    local.signer.failWith(undefined);
    refusal = undefined;
  });

  async function build(asked: ImageBuild): Promise<string> {
    if (refusal !== undefined) throw new Error(refusal);
    builds.push(asked);
    return DIGEST;
  }

  /** A base image in the registry; `signed` by the profile that the environment trusts. */
  async function baseImage(seed: string, { signed }: { readonly signed: boolean }): Promise<string> {
    const { digest } = await pushImage({ url: `http://${local.registry}`, name: "example/base" }, { seed });
    const reference = `${local.registry}/example/base@${digest}`;
    if (signed) await local.sign(reference, local.signer.putProfile("base").arn);
    return reference;
  }

  async function run(command: "preview" | "up", image: string) {
    await scene.project.configure("dev", (old) => ({ ...old, "base-image:image": image }));
    const before = scene.calls().length;
    const { code, errors, steps } = await scene.run(command, "dev");
    const made = scene
      .calls()
      .slice(before)
      .filter(({ method }) => ["create", "update", "delete"].includes(method));
    return { code, errors: errors.join("\n"), made: made.map(({ type }) => type), steps: stepsOf(steps) };
  }

  for (const command of ["preview", "up"] as const) {
    it(`that nobody has signed ends ${command} with the reason code, and nothing is made`, async () => {
      const image = await baseImage("unsigned", { signed: false });

      const { code, errors, made } = await run(command, image);

      assert.notEqual(code, 0);
      assert.match(errors, new RegExp(`verifier\\.baseImage: ${image} is denied \\(no-signature\\): `));
      assert.match(errors, /Nothing was made or changed\./);
      assert.doesNotMatch(errors, / {4}at /);
      assert.deepEqual(made, []);
    });

    it(`that cannot be verified ends ${command} as well`, async () => {
      const image = await baseImage("signed", { signed: true });
      local.signer.failWith({ status: 500, type: "InternalServiceErrorException", message: "try later" });

      const { code, errors, made } = await run(command, image);

      assert.notEqual(code, 0);
      assert.match(errors, /could not be verified \(signer-unavailable\)/);
      assert.deepEqual(made, []);
    });
  }

  it("that is not in the registry ends a preview: there is nothing to trust", async () => {
    const { errors, made } = await run("preview", `${local.registry}/example/base@sha256:${"e".repeat(64)}`);

    assert.match(errors, /is denied \(image-not-found\)/);
    assert.deepEqual(made, []);
  });

  it("that refuses the settings, being older, fails the build: no function is made", async () => {
    refusal = OLDER;

    const { code, errors, made } = await run("up", await baseImage("signed", { signed: true }));

    assert.notEqual(code, 0);
    assert.match(errors, /this verifier reads settings of version 1 only/);
    assert.ok(!made.includes(FUNCTION));
  });

  it("that is trusted has the settings put on it, and the function runs the result", async () => {
    const image = await baseImage("signed", { signed: true });

    const preview = await run("preview", image);
    const { code, errors } = await run("up", image);

    assert.deepEqual([preview.code, preview.errors, code, errors], [0, "", 0, ""]);
    assert.equal(builds.at(-1)?.args.BASE_IMAGE, image);
    assert.equal(builds.at(-1)?.args.GO_IMAGE, undefined);
    const made = (await scene.state("dev")).find(({ type }) => type === FUNCTION);
    assert.match(String(made?.outputs?.imageUri), new RegExp(`@${DIGEST}$`));
  });

  it("that is trusted changes nothing when it is deployed again", async () => {
    const { code, steps } = await run("up", await baseImage("signed", { signed: true }));

    assert.deepEqual([code, steps], [0, []]);
  });

  it("that is not trusted does not take the place of one that runs", async () => {
    const { code, made } = await run("up", await baseImage("unsigned", { signed: false }));

    assert.notEqual(code, 0);
    assert.deepEqual(made, []);
  });
});
