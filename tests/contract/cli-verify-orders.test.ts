import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalAws, startAws } from "../../local/aws";
import { pushImage } from "../../local/images";
import { type LocalStack, startLocalStack } from "../../local/stack";
import type { Order } from "../../verifier/src/orders/order";
import { OUTPUTS_WITH_ORDERS } from "../support/environment-outputs";
import { orderAnswers } from "../support/order-answers";
import { block, exemption } from "../support/orders";
import { startCommand } from "../support/running-command";
import "./support/requirements";

describe("ecs-image-verification verify, with the orders of an environment", function () {
  this.timeout(60_000);
  let stack: LocalStack;
  let aws: LocalAws;
  let folder: string;
  let common: string[];
  let image: string;
  let digest: string;
  let release: string;
  /** What the table has. */
  let orders: readonly Order[] = [];

  before(async () => {
    stack = await startLocalStack();
    aws = await startAws(orderAnswers(() => orders));
    folder = await mkdtemp(join(tmpdir(), "cli-orders-"));
    ({ digest } = await pushImage({ url: `http://${stack.registry}`, name: "team/app" }, { seed: "unsigned" }));
    image = `${stack.registry}/team/app@${digest}`;
    release = stack.signer.putProfile("release").arn;
    const identities = [release];
    const statements = [{ name: "release", repositories: ["*"], identities }];
    await writeFile(join(folder, "trust.yaml"), JSON.stringify({ registries: [stack.registry], statements }));
    await writeFile(join(folder, "root.pem"), stack.signer.rootPem);
    await writeFile(join(folder, "outputs.json"), JSON.stringify(OUTPUTS_WITH_ORDERS));
    const store = await mkdtemp(join(folder, "store-"));
    await writeFile(join(store, "root.pem"), stack.signer.rootPem);
    common = ["--trust", join(folder, "trust.yaml"), "--trust-store", store, "--plugin", stack.programs.plugin];
    common.push("--signer-endpoint", stack.signer.url, "--plain-http", "--json");
  });
  after(async () => {
    await aws?.close();
    await stack?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  async function verify(endpoint = aws.url) {
    const environment = { ...stack.environment, PATH: process.env.PATH, HOME: process.env.HOME };
    const { ended } = startCommand(["verify", image, ...common, "--outputs", join(folder, "outputs.json")], {
      ...environment,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_ENDPOINT_URL_KMS: endpoint,
    });
    const { code, stdout, stderr } = await ended;
    return { code, verdict: JSON.parse(stdout), stderr };
  }

  const now = () => ({ from: new Date().toISOString(), until: new Date(Date.now() + 3_600_000).toISOString() });

  it("obeys a block and an exemption, and says so", async () => {
    orders = [exemption({ digest, ...now() })];
    const exempted = await verify();
    assert.deepEqual([exempted.code, exempted.verdict.code], [0, "exempted"], exempted.stderr);
    assert.equal(exempted.verdict.without.code, "no-signature");
    assert.equal(exempted.stderr, "With the orders of the moment of prod.\n");

    orders = [...orders, block({ digest, ...now() })];
    const blocked = await verify();
    assert.deepEqual([blocked.code, blocked.verdict.code], [1, "digest-blocked"]);
    assert.deepEqual([blocked.verdict.order.kind, blocked.verdict.order.owner], ["block", null]);
  });

  it("says that orders cannot be read: what is denied stays denied, what is trusted may be blocked", async () => {
    const denied = await verify("http://127.0.0.1:1");
    await stack.sign(image, release);
    const trusted = await verify("http://127.0.0.1:1");

    assert.deepEqual([denied.code, denied.verdict.code], [1, "no-signature"]);
    assert.match(denied.stderr, /\nThe orders of the environment could not be read: the orders about sha256:/);
    assert.deepEqual([trusted.code, trusted.verdict.status], [2, "inconclusive"]);
    assert.match(trusted.verdict.detail, /whether the image is blocked .*without orders: trusted signature-valid/);
  });
});
