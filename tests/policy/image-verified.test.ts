import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EnforcementLevel } from "@pulumi/pulumi/proto/analyzer_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { pushImage } from "../../local/images";
import { type LocalStack, startLocalStack } from "../../local/stack";
import { orSkip } from "../support/skip-or-fail";
import { type PolicyServer, startPolicyServer } from "./support/policy-server";

const taskDefinition = "aws:ecs/taskDefinition:TaskDefinition";

describe("policy server verifying images in a preview", () => {
  let stack: LocalStack;
  let server: PolicyServer;
  let properties: Record<string, JavaScriptValue>;

  before(async function () {
    this.timeout(300_000);
    stack = await orSkip(this, () => startLocalStack());
    server = await startPolicyServer(stack.environment);
    const trustStore = await stack.temporaryFolder();
    await writeFile(join(trustStore, "root.crt"), stack.signer.rootPem);
    const release = stack.signer.putProfile("release");
    const statements = [{ name: "release", repositories: ["*"], identities: [release.arn] }];
    properties = {
      trust: { registries: [stack.registry, "127.0.0.1:1"], statements },
      account: stack.signer.account,
      region: stack.signer.region,
      plugin: stack.programs.plugin,
      signerEndpoint: stack.signer.url,
      trustStore,
      plainHttp: true,
      timeoutSeconds: 5,
    };
  });
  beforeEach(() => server.configure({ "image-verified": { mandatory: true, properties } }));
  after(async () => {
    await server?.stop();
    await stack?.close();
  });

  const push = async (seed: string) => {
    const { digest } = await pushImage({ url: `http://${stack.registry}`, name: "team/app" }, { seed, tag: seed });
    return `${stack.registry}/team/app@${digest}`;
  };
  const analyze = async (image: string) => {
    const containerDefinitions = JSON.stringify([{ name: "app", image }]);
    const diagnostics = await server.analyze(taskDefinition, { containerDefinitions });
    return diagnostics.filter(({ policyname }) => policyname.startsWith("image-verif"));
  };

  it("passes a signed image, and denies an unsigned one and one of a foreign signer", async function () {
    this.timeout(30_000);
    const [signed, unsigned, foreign] = [await push("signed"), await push("unsigned"), await push("foreign")];
    await stack.sign(signed, stack.signer.putProfile("release").arn);
    const other = stack.signer.putProfile("other");
    await stack.sign(foreign, other.arn);

    assert.deepEqual(await analyze(signed), []);
    const [denied] = await analyze(unsigned);
    assert.match(denied?.message ?? "", /container "app" is denied \(no-signature;/);
    assert.equal(denied?.enforcementlevel, EnforcementLevel.MANDATORY);
    const [notTrusted] = await analyze(foreign);
    assert.match(
      notTrusted?.message ?? "",
      /identity-not-trusted; signed by arn:aws:signer:.*\/signing-profiles\/other/,
    );
  });

  it("makes an advisory of a registry that cannot be reached", async function () {
    this.timeout(30_000);

    const [found, ...more] = await analyze(`127.0.0.1:1/app@sha256:${"ab".repeat(32)}`);

    assert.deepEqual(more, []);
    assert.equal(found?.policyname, "image-verification-conclusive");
    assert.match(found?.message ?? "", /could not be verified \((registry-unavailable|deadline-exceeded)\)/);
    assert.equal(found?.enforcementlevel, EnforcementLevel.ADVISORY);
  });

  for (const [setting, given, message] of [
    ["trustStore", "mistyped", /cannot judge with its configuration: trustStore: .*policy\/mistyped cannot be read/],
    ["plugin", "mistyped", /cannot judge with its configuration: plugin: .*policy\/mistyped cannot be run/],
    ["plugin", process.execPath, /cannot judge with its configuration: the notation process failed/],
    ["signerEndpoint", "ftp://signer", /cannot judge with its configuration: .*ftp/],
  ] as const) {
    it(`does not pass an image with ${setting} ${given}: that is a violation`, async function () {
      this.timeout(30_000);
      await server.configure({
        "image-verified": { mandatory: true, properties: { ...properties, [setting]: given } },
      });

      const [found, ...more] = await analyze(await push("unjudged"));

      assert.deepEqual(more, []);
      assert.match(found?.message ?? "", message);
      assert.equal(found?.enforcementlevel, EnforcementLevel.MANDATORY);
    });
  }
});
