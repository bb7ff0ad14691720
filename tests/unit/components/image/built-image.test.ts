import assert from "node:assert/strict";
import { Provider } from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { settingsOfImage } from "../../../../components/image/built-image";
import { SETTINGS_LABEL } from "../../../../components/image/verifier-build";
import { ImageVerification } from "../../../../components/image-verification";
import type { ImageVerificationArgs } from "../../../../components/image-verification-args";
import { hashSettings } from "../../../../verifier/src/settings-hash";
import { type ImageRegistry, startImageRegistry } from "../../../support/image-registry";
import { ACCOUNT, REGION, REGISTRY } from "../mock-state";
import { named, type RunOptions, runProgram } from "../run-program";
import { BEHAVIOUR, resolvedTrust, TRUST } from "../settings";

const REPOSITORY = "platform/verifier";
/** Those of a component that makes its signing profile. */
const SETTINGS = { ...BEHAVIOUR, trust: resolvedTrust("app_signing_profile") };
const HASH = hashSettings(SETTINGS);

describe("ImageVerification with an image that was built elsewhere", () => {
  let registry: ImageRegistry;

  beforeEach(async () => {
    registry = await startImageRegistry("registry-password");
  });

  afterEach(() => registry.close());

  const uri = (digest: string) => `${REGISTRY}/${REPOSITORY}@${digest}`;

  function run(digest: string, changes: Partial<ImageVerificationArgs> = {}, options: RunOptions = {}) {
    return runProgram(
      () =>
        void new ImageVerification("app", {
          trust: TRUST,
          behaviour: BEHAVIOUR,
          verifier: { imageUri: uri(digest) },
          // A machine without Docker.
          machine: { DOCKER_HOST: "unix:///no/such/socket" },
          ...changes,
        }),
      { registryUrl: registry.url, ...options },
    );
  }

  /** What {@link run} does with the settings, without all that follows: what it throws can be had here only. */
  const compare = (digest: string, stack = "dev") =>
    runProgram(
      () => ({
        settings: settingsOfImage(
          { imageUri: uri(digest), architecture: "arm64" },
          pulumi.output(SETTINGS),
          new pulumi.ComponentResource("test:index:Parent", "parent"),
        ),
      }),
      { registryUrl: registry.url, stack },
    );
  const refusal = (message: RegExp) => ({ name: "BuiltImageRefusedError", message });

  it("runs it, with neither Docker nor a repository for it", async () => {
    const digest = registry.put(REPOSITORY, { labels: { [SETTINGS_LABEL]: HASH } });

    const result = await run(digest);

    assert.equal(named(result, "app-verifier-function").inputs.imageUri, uri(digest));
    const types = result.resources.map(({ type }) => type);
    assert.deepEqual(
      types.filter((type) => /^docker:|^pulumi:providers:|^aws:ecr\/|VerifierImage$/.test(type)),
      [],
    );
  });

  it("asks with the component's own provider", async () => {
    const digest = registry.put(REPOSITORY, { labels: { [SETTINGS_LABEL]: HASH } });

    const { calls } = await runProgram(
      () => {
        const provider = new Provider("own", { region: REGION });
        const verifier = { imageUri: uri(digest) };
        void new ImageVerification("app", { trust: TRUST, behaviour: BEHAVIOUR, verifier }, { provider });
      },
      { registryUrl: registry.url },
    );

    assert.deepEqual(
      calls.filter(({ token }) => token.startsWith("aws:ecr/")).map(({ provider }) => provider),
      ["own"],
    );
  });

  it("asks the registry as ECR of the image's account", async () => {
    const digest = registry.put(REPOSITORY, { labels: { [SETTINGS_LABEL]: HASH } });

    const { calls } = await run(digest);

    assert.deepEqual(
      calls.filter(({ token }) => token.startsWith("aws:ecr/")).map(({ inputs }) => inputs),
      [{ registryId: ACCOUNT }],
    );
  });

  it("refuses one that was built from other settings, with the command that builds it again", async () => {
    const digest = registry.put(REPOSITORY, { labels: { [SETTINGS_LABEL]: "0".repeat(64) } });

    await assert.rejects(
      compare(digest, "prod"),
      refusal(
        new RegExp(
          `${uri(digest)} was built from other settings: .* is 0{64}, .* is ${HASH}\\.[\\s\\S]*` +
            `ecs-image-verification image build --stack prod --repository ${REGISTRY}/${REPOSITORY} --push`,
        ),
      ),
    );
  });

  it("refuses one that is no verifier, one for another processor, and an index", async () => {
    const other = registry.put(REPOSITORY, {});
    const amd64 = registry.put(REPOSITORY, { labels: { [SETTINGS_LABEL]: HASH }, architecture: "amd64" });
    const index = registry.putIndex(REPOSITORY);

    await assert.rejects(compare(other), refusal(/has no label ecs-image-verification\.settings/));
    await assert.rejects(compare(amd64), refusal(/is for amd64, but verifier\.architecture is arm64/));
    await assert.rejects(compare(index), refusal(/it is an index.*--provenance=false/));
  });

  it("deploys nothing unchecked: a registry that does not answer is an error with its cause", async () => {
    const digest = registry.put(REPOSITORY, { labels: { [SETTINGS_LABEL]: HASH } });
    const unread = (cause: string) =>
      refusal(new RegExp(`an unchecked image is not deployed: GET .*${cause}.*ecr:BatchGetImage`));

    registry.fail(503);
    await assert.rejects(compare(digest), unread(": 503 the registry is not well"));
    registry.fail(undefined);
    await assert.rejects(compare(`sha256:${"e".repeat(64)}`), unread(": 404 no such image"));
    await registry.close();
    // Another one: to the first there are connections.
    registry = await startImageRegistry("registry-password");
    await registry.close();
    await assert.rejects(compare(digest), unread("ECONNREFUSED"));
  });

  it("says so in a preview that cannot compare, since the signing profile has no ARN yet", async () => {
    const digest = registry.put(REPOSITORY, { labels: { [SETTINGS_LABEL]: "0".repeat(64) } });

    const { warnings, resources } = await run(digest, {}, { preview: true });

    assert.deepEqual(warnings, [
      "verifier.imageUri is not compared with the configuration in this preview: the signing profile has no ARN yet.",
    ]);
    assert.equal(named({ resources }, "app-verifier-function").inputs.imageUri, "(unknown)");
  });

  it("compares in a preview where all is known", async () => {
    const existingArn = `arn:aws:signer:${REGION}:${ACCOUNT}:/signing-profiles/release`;
    const settings = { ...BEHAVIOUR, trust: resolvedTrust() };
    const right = registry.put(REPOSITORY, { labels: { [SETTINGS_LABEL]: hashSettings(settings) } });
    const signingProfile = { existingArn };

    const { warnings, resources } = await run(right, { signingProfile }, { preview: true });

    assert.deepEqual(warnings, []);
    assert.equal(named({ resources }, "app-verifier-function").inputs.imageUri, uri(right));
  });
});
