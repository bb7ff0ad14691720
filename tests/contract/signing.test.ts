import assert from "node:assert/strict";
import { signerPluginName } from "../../local/signer/envelope";
import { expectVerdict } from "./support/expect-verdict";
import { type Scene, type SceneImage, useScene } from "./support/scene";

for (const referrers of [true, false]) {
  describe(`contract: signing, in a registry ${referrers ? "with" : "without"} the referrers API`, () => {
    const scene = useScene({ referrers });

    it("signed by our command -> both verifiers trust it", async () => {
      const image = await scene().image();

      const signed = await scene().stack.sign(image.reference, scene().release.arn);

      const { judgement } = await expectVerdict(scene().verifiers, image.reference, "trusted signature-valid", {
        cli: "agrees",
      });
      assert.deepEqual(judgement.signature, signed.signature);
      assert.equal(signed.digest, image.descriptor.digest);
    });

    it("signed by the Notation CLI -> both verifiers trust it", async () => {
      const image = await scene().image();

      await signWithCli(scene(), image);

      await expectVerdict(scene().verifiers, image.reference, "trusted signature-valid", { cli: "agrees" });
    });

    it("signed by our command, then by the CLI, and the first revoked -> both verifiers trust it", async () => {
      const image = await scene().image();
      const { signature } = await scene().stack.sign(image.reference, scene().release.arn);
      await signWithCli(scene(), image);
      scene().stack.signer.revokeJob(signature.job);

      const { facts } = await expectVerdict(scene().verifiers, image.reference, "trusted signature-valid", {
        cli: "agrees",
      });

      // The newest is asked about first; signed in the same second, the revoked one may come before it.
      assert.equal(facts.signatures.at(-1)?.valid, true);
    });
  });
}

async function signWithCli({ verifiers, release }: Scene, { reference }: SceneImage): Promise<void> {
  const plugin = ["--plugin", signerPluginName, "--id", release.arn];
  const run = await verifiers.cli(["sign", "--insecure-registry", ...plugin, reference]);
  assert.equal(run.exitCode, 0, run.stderr);
}
