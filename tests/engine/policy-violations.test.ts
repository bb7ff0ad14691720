import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../build/cache";
import { pushImage } from "../../local/images";
import { type LocalStack, startLocalStack } from "../../local/stack";
import { policies } from "../../policy/policies";
import { orSkip } from "../support/skip-or-fail";
import type { EngineRun } from "./support/engine";
import { judgedBy, shortOf } from "./support/policy-runs";
import { BUILD_LIMIT_MS, requireCli } from "./support/requirements";
import { type Scene, startScene } from "./support/scene";

const pack = join(__dirname, "../../policy");
const sample = join(__dirname, "fixtures/violations");

/** Every violation of the sample: level, policy, resource, and what the message must say. */
const expected: readonly (readonly [level: string, policy: string, resource: string, message: RegExp])[] = [
  ["advisory", "deployment-controller", "code-deploy", /"CODE_DEPLOY" runs no lifecycle hooks/],
  [
    "advisory",
    "image-verification-conclusive",
    "unreachable",
    /container "app" could not be verified \(registry-unavai/,
  ],
  ["advisory", "visible-images", "from-template", /template is not checked/],
  ["advisory", "visible-images", "generic", /"AWS::ECS::TaskDefinition", is not checked/],
  ["mandatory", "bounded-exemptions", "lenient", /vendor\/any-digest" \(owner "platform-team"\) has no digest/],
  ["mandatory", "bounded-exemptions", "lenient", /vendor\/too-long@\S+ .* expires on \S+, in more than 90 days/],
  ["mandatory", "bounded-exemptions", "lenient", /vendor\/over@\S+ .* expired on/],
  ["mandatory", "digest-pinned", "awsx-by-tag", /container "app" names its image ".*\/app:v1" by tag/],
  ["mandatory", "digest-pinned", "daemon-by-tag", /container "app" names its image/],
  ["mandatory", "digest-pinned", "express-by-tag", /container "primaryContainer" names its image/],
  ["mandatory", "digest-pinned", "job-by-tag", /container "containerProperties" names its image/],
  ["mandatory", "digest-pinned", "by-tag", /container "app" names its image ".*\/app:v1" by tag/],
  ["mandatory", "image-verified", "foreign", /container "app" is denied \(registry-not-allowed;/],
  [
    "mandatory",
    "image-verified",
    "unsigned",
    /container "app" is denied \(no-signature; no signer that could be named\)/,
  ],
  ["mandatory", "gate-protected", "fleeting-gate", /gate's function is not protected/],
  ["mandatory", "gate-protected", "fleeting-gate", /has the name "fleeting-gate-\S+" instead of/],
  ["mandatory", "signed-repositories", "expires-untagged", /rule 1 selects untagged manifests/],
  ["mandatory", "signed-repositories", "mutable", /imageTagMutability is "MUTABLE"/],
  ["mandatory", "trusted-identities", "lenient", /222233334444:\/signing-profiles\/dev", which signs for "dev"/],
  ["mandatory", "trusted-identities", "lenient", /stranger", of the account 999900001111, which no environment lists/],
  [
    "mandatory",
    "trusted-registries",
    "foreign",
    /container "app" uses the image "docker.io\/library\/nginx@\S+ from docker.io/,
  ],
  ["mandatory", "verification-hook", "hooked-once", /function:verifier at POST_SCALE_UP/],
  ["mandatory", "verification-hook", "unhooked", /function:verifier at PRE_SCALE_UP and POST_SCALE_UP/],
  ["mandatory", "verifier-complete", "empty-detector", /lacks a rule for launches/],
  ["mandatory", "verifier-complete", "empty-detector", /lacks a target with a dead-letter queue/],
  ["mandatory", "verifier-complete", "faulty-gate", /lacks the alias that hooks invoke/],
  ["mandatory", "verifier-complete", "faulty-gate", /lacks the guard that refuses its removal/],
  ["mandatory", "verifier-complete", "empty-verifier", /lacks a function \(/],
  ["mandatory", "verifier-complete", "empty-verifier", /lacks its own log group/],
  ["mandatory", "verifier-complete", "empty-verifier", /lacks a queue for failed launches/],
  ["mandatory", "verifier-complete", "empty-verifier", /lacks an event source for postponed stops/],
  ["mandatory", "verifier-resources", "faulty-function", /imageUri has no digest/],
  ["mandatory", "verifier-resources", "faulty-function", /no reservedConcurrentExecutions/],
  ["mandatory", "verifier-resources", "faulty-log", /no retentionInDays/],
  ["mandatory", "verifier-resources", "faulty-retries", /no destinationConfig.onFailure/],
  ["mandatory", "verifier-resources", "faulty-rule", /excludes the lastStatus PENDING, ACTIVATING, RUNNING/],
  ["mandatory", "verifier-resources", "faulty-target", /no deadLetterConfig/],
  ["mandatory", "verifier-role", "faulty-attachment", /policy\/ReadOnlyAccess is attached/],
  ["mandatory", "verifier-role", "faulty-policy", /Everything allows ecr:\*/],
  ["mandatory", "verifier-role", "faulty-policy", /AnyTask allows ecs:StopTask on \*/],
  ["mandatory", "verifier-role", "faulty-role", /policy\/AdministratorAccess is attached/],
  ["mandatory", "version-consistency", "inconsistent", /container "app" has versionConsistency disabled/],
];

describe("engine: the policy pack on a program that violates it", function () {
  this.timeout(120_000);
  let local: LocalStack;
  let scene: Scene;
  let settings: Record<string, object>;

  before("start the engine, the registry and the Signer", async function () {
    this.timeout(BUILD_LIMIT_MS);
    await requireCli(this);
    local = await orSkip(this, () => startLocalStack());
    const environment = { ...local.environment, ECS_IMAGE_VERIFICATION_CACHE: cacheFolder() };
    scene = await startScene({ project: sample, projectName: "violations", environment });
    settings = { ...JSON.parse(await readFile(join(sample, "policies.json"), "utf8")), ...(await verification()) };
    const images = await samples();
    await scene.project.configure("prod", (old) => ({ ...old, ...images }));
  });
  after("stop them", async () => {
    await scene?.close();
    await local?.close();
  });

  /** Images whose verification ends in each of the three ways. */
  async function samples() {
    const push = async (seed: string) => {
      const { digest } = await pushImage({ url: `http://${local.registry}`, name: "team/app" }, { seed, tag: seed });
      return `${local.registry}/team/app@${digest}`;
    };
    const signed = await push("signed");
    await local.sign(signed, local.signer.putProfile("release").arn);
    return {
      "violations:signedImage": signed,
      "violations:unsignedImage": await push("unsigned"),
      "violations:unreachableImage": `127.0.0.1:1/app@sha256:${"ab".repeat(32)}`,
    };
  }

  /** Has images verified, and the local registry and the Signer trusted. */
  async function verification() {
    const trustStore = await local.temporaryFolder();
    await writeFile(join(trustStore, "root.crt"), local.signer.rootPem);
    const { account, region } = local.signer;
    const identities = [local.signer.putProfile("release").arn];
    const trust = {
      registries: [local.registry, "127.0.0.1:1"],
      statements: [{ name: "release", repositories: ["*"], identities }],
    };
    return {
      "trusted-registries": { trust, account, region },
      "image-verified": {
        enforcementLevel: "mandatory",
        trust,
        account,
        region,
        plugin: local.programs.plugin,
        signerEndpoint: local.signer.url,
        trustStore,
        plainHttp: true,
        timeoutSeconds: 5,
      },
    };
  }

  async function run(command: "preview" | "up", change: (settings: Record<string, object>) => object = (same) => same) {
    const file = join(scene.project.folder, "policies-of-this-run.json");
    await writeFile(file, JSON.stringify(change(settings)));
    return scene.run(command, "prod", ...judgedBy(pack, file));
  }

  function assertViolations({ violations }: EngineRun, levelOf: (level: string) => string = (level) => level) {
    const lines = violations.map(({ level, policy, urn }) => `${level} ${policy} ${shortOf(urn)}`);
    const wanted = expected.map(([level, policy, resource]) => `${levelOf(level)} ${policy} ${resource}`);
    assert.deepEqual(lines.sort(), wanted.sort());
    for (const [, policy, resource, message] of expected) {
      const found = violations.filter(({ policy: name, urn }) => name === policy && shortOf(urn) === resource);
      assert.ok(
        found.some((violation) => message.test(violation.message)),
        `${policy} ${resource}: ${message} is not in ${found.map((violation) => violation.message).join("\n")}`,
      );
    }
  }

  it("the sample violates every policy of the pack", () => {
    const names = policies().map(({ name }) => name);

    const violated = new Set(expected.map(([, policy]) => policy));
    assert.deepEqual([...violated].sort(), names.sort());
  });

  it("preview: names each with its resource, fails, and makes nothing", async () => {
    const preview = await run("preview");

    assert.notEqual(preview.code, 0);
    assertViolations(preview);
    assert.ok(scene.calls().every((call) => call.preview));
  });

  it("up: makes nothing of what a mandatory policy is against", async () => {
    const up = await run("up");

    assert.notEqual(up.code, 0);
    const refused = new Set(
      expected.flatMap(([level, policy, name]) =>
        level === "mandatory" && policy !== "verifier-complete" ? [name] : [],
      ),
    );
    const made = scene
      .calls()
      .filter(({ method, preview }) => method === "create" && !preview)
      .map(({ name }) => name);
    assert.deepEqual(
      made.filter((name) => refused.has(name)),
      [],
    );
  });

  it("preview without a function in the configuration: the services need the hook of the gate that the program makes", async () => {
    const { violations } = await run("preview", (given) => ({ ...given, "verification-hook": {} }));

    const found = violations.filter(({ policy }) => policy === "verification-hook");
    const services = found.flatMap(
      ({ message }) =>
        /The service "(\S+)" has no lifecycle hook that invokes fleeting-gate-\S+ at/.exec(message)?.[1] ?? [],
    );
    assert.deepEqual(services.sort(), ["hooked", "hooked-once", "unhooked"]);
    assert.ok(found.every(({ level }) => level === "advisory"));
  });

  it("preview with every level advisory: says the same, and passes", async () => {
    const advisory = (given: Record<string, object>) => ({
      ...Object.fromEntries(
        Object.entries(given).map(([name, value]) => [name, { ...value, enforcementLevel: "advisory" }]),
      ),
      all: "advisory",
    });

    const preview = await run("preview", advisory);

    assert.deepEqual([preview.code, preview.errors], [0, []]);
    assertViolations(preview, () => "advisory");
    assert.match(preview.stdout, /⚠️ ecs-image-verification@v/);
  });
});
