import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EnforcementLevel } from "@pulumi/pulumi/proto/analyzer_pb";
import { pushImage } from "../../local/images";
import { type LocalStack, startLocalStack } from "../../local/stack";
import { policies } from "../../policy/policies";
import { orSkip } from "../support/skip-or-fail";
import { installPack } from "./support/installed-pack";
import { type PolicyServer, startPolicyServer } from "./support/policy-server";

const taskDefinition = "aws:ecs/taskDefinition:TaskDefinition";
const containers = (image: string) => ({ containerDefinitions: JSON.stringify([{ name: "app", image }]) });
const digest = `sha256:${"ab".repeat(32)}`;

describe("policy server with the pack out of its tarball", () => {
  let folder: string;
  let pack: string;
  let server: PolicyServer;
  let stack: LocalStack;

  before(async function () {
    this.timeout(600_000);
    folder = await mkdtemp(join(tmpdir(), "policy-pack-"));
    pack = await installPack(folder);
    stack = await orSkip(this, () => startLocalStack());
    server = await startPolicyServer(stack.environment, pack);
  });
  after(async () => {
    await server?.stop();
    await stack?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const said = async (policy: string, image: string) =>
    (await server.analyze(taskDefinition, containers(image))).filter(({ policyname }) => policyname === policy);

  it("has every policy, and the version of this project", async () => {
    const { policiesList, version } = await server.info();

    assert.deepEqual(
      policiesList.map(({ name }) => name),
      policies().map(({ name }) => name),
    );
    assert.equal(version, JSON.parse(await readFile(join(__dirname, "../../package.json"), "utf8")).version);
  });

  it("reports a violation", async () => {
    await server.configure({});

    const [found] = await said("digest-pinned", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:v1");

    assert.match(found?.message ?? "", /container "app" names its image/);
    assert.equal(found?.enforcementlevel, EnforcementLevel.MANDATORY);
  });

  it("takes a trust document from a file in its folder", async () => {
    const statements = [{ name: "release", repositories: ["*"], identities: ["self"] }];
    await writeFile(join(pack, "trust.json"), JSON.stringify({ registries: ["self"], statements }));
    const properties = { trustFile: "trust.json", account: "111122223333", region: "eu-west-1" };
    await server.configure({ "trusted-registries": { mandatory: true, properties } });

    const [found, ...more] = await said("trusted-registries", `ghcr.io/team/app@${digest}`);

    assert.deepEqual(more, []);
    assert.match(found?.message ?? "", /from ghcr.io, which the trust document does not list/);
  });

  it("verifies images, with the root certificates and the verifier that it brings", async function () {
    this.timeout(120_000);
    const { account, region, url } = stack.signer;
    const { digest: pushed } = await pushImage(
      { url: `http://${stack.registry}`, name: "team/app" },
      { seed: "signed", tag: "signed" },
    );
    const image = `${stack.registry}/team/app@${pushed}`;
    const profile = stack.signer.putProfile("release").arn;
    await stack.sign(image, profile);
    const statements = [{ name: "release", repositories: ["*"], identities: [profile] }];
    const properties = {
      trust: { registries: [stack.registry], statements },
      ...{ account, region, signerEndpoint: url },
      ...{ plugin: stack.programs.plugin, plainHttp: true },
    };
    await server.configure({ "image-verified": { mandatory: true, properties } });

    const [found] = await said("image-verified", image);

    // The stand-in's signature does not end in AWS's own root, which the pack holds.
    assert.match(found?.message ?? "", /denied \(untrusted-root;/);
  });
});
