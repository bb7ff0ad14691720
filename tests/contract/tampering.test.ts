import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeChain } from "../../local/signer/certificates";
import { attribute } from "../../local/signer/envelope";
import { withAttributes, withChain, withFlippedBit, withPayload } from "../../local/signer/tamper";
import { writeShellScript } from "../support/executables";
import { expectVerdict } from "./support/expect-verdict";
import { daysFromNow, type SceneImage, useScene } from "./support/scene";
import { configFolder } from "./support/verifiers";

describe("contract: tampered, malformed and unsupported signatures", () => {
  const scene = useScene();

  const denies = async (
    image: SceneImage,
    code: "signature-invalid" | "signature-unsupported",
    detail: RegExp = /./,
  ): Promise<void> => {
    const { signerCalls } = await expectVerdict(scene().verifiers, image.reference, `denied ${code}`, {
      cli: "agrees",
      detail,
    });
    if (code === "signature-invalid") assert.equal(signerCalls, 0, "Signer is not asked about it");
  };

  it("13: signature made for another digest -> denied signature-invalid", async () => {
    const [image, other] = [await scene().image(), await scene().image()];
    const { envelope } = scene().makeSignature(other);
    await scene().push(image, envelope);

    await denies(image, "signature-invalid", new RegExp(other.descriptor.digest));
  });

  it("14a: payload changed after signing -> denied signature-invalid", async () => {
    const [image, other] = [await scene().image(), await scene().image()];
    const { envelope } = scene().makeSignature(other);
    const { mediaType, digest, size } = image.descriptor;
    await scene().push(image, withPayload(envelope, { targetArtifact: { mediaType, digest, size } }));

    await denies(image, "signature-invalid");
  });

  it("14b: expiry put off after signing -> denied signature-invalid", async () => {
    const image = await scene().image();
    const { envelope } = scene().makeSignature(image, { signingTime: daysFromNow(-2), expiry: daysFromNow(-1) });
    await scene().push(image, withAttributes(envelope, { [attribute.expiry]: "2099-01-01T00:00:00Z" }));

    await denies(image, "signature-invalid");
  });

  it("14c: one bit of the signature changed -> denied signature-invalid", async () => {
    const image = await scene().image();
    await scene().push(image, withFlippedBit(scene().makeSignature(image).envelope));

    await denies(image, "signature-invalid");
  });

  it("14d: chain of the trusted Signer around a signature of somebody else's -> denied signature-invalid", async () => {
    const image = await scene().image();
    const { chain } = scene().makeSignature(image);
    const { envelope } = scene().makeSignature(image, await makeChain());
    await scene().push(image, withChain(envelope, chain));

    await denies(image, "signature-invalid");
  });

  it("14e: garbage in the place of envelopes -> denied signature-invalid", async () => {
    for (const garbage of ["not an envelope", "", "{}", "[]", "null", '{"payload":7}', "\u0000".repeat(4096)]) {
      const image = await scene().image();
      await scene().push(image, Buffer.from(garbage));

      await denies(image, "signature-invalid");
    }
  });

  it("16a: chain without its root -> denied signature-invalid", async () => {
    const image = await scene().image();
    const { envelope, chain } = scene().makeSignature(image);
    await scene().push(image, withChain(envelope, chain.slice(0, -1)));

    await denies(image, "signature-invalid");
  });

  it("16b: chain in the wrong order -> denied signature-invalid", async () => {
    const image = await scene().image();
    const { envelope, chain } = scene().makeSignature(image);
    const [leaf, ...authorities] = chain;
    await scene().push(image, withChain(envelope, [leaf ?? Buffer.alloc(0), ...authorities.reverse()]));

    await denies(image, "signature-invalid");
  });

  it("17a: needs plugin version 2.0.0 -> denied signature-unsupported", async () => {
    const image = await scene().image();
    await scene().sign(image, { pluginMinVersion: "2.0.0" });

    await denies(image, "signature-unsupported", /2\.0\.0/);
  });

  it("17b: unknown critical attribute -> denied signature-unsupported", async () => {
    const image = await scene().image();
    await scene().sign(image, { attributes: { "com.example.foo": "bar" }, critical: ["com.example.foo"] });

    await denies(image, "signature-unsupported", /com\.example\.foo/);
  });

  it("17c: signed through a profile alias -> denied signature-unsupported", async () => {
    const image = await scene().image();
    const alias = scene().release.arn.replace("/signing-profiles/", "/aliases/");
    await scene().sign(image, { attributes: { [attribute.profileAlias]: alias }, critical: [attribute.profileAlias] });

    await denies(image, "signature-unsupported", /signingProfileAlias/);
  });

  it("18a: names another plugin -> denied signature-unsupported", async () => {
    const image = await scene().image();
    await scene().sign(image, { plugin: "com.example.plugin" });

    await denies(image, "signature-unsupported");
  });

  it("18b: plugin name with ../ -> denied signature-unsupported, nothing outside the plugin folder is run", async () => {
    const image = await scene().image();
    await scene().sign(image, { plugin: "../../evil/x" });
    const config = await configFolder(scene().stack, scene().trust());
    const wasRun = await setTrap(join(dirname(config), "evil", "x", "evil", "x"));
    const verifiers = await scene().startVerifiers({ config });

    await expectVerdict(verifiers, image.reference, "denied signature-unsupported", { cli: "not asked" });
    assert.equal(wasRun(), false, "our process has run a program that the signature named");

    await expectVerdict(verifiers, image.reference, "denied signature-unsupported", { cli: "agrees" });
    assert.equal(wasRun(), true, "the trap is not where the name leads: the CLI runs what is there");
  });

  it("18c: plugin name with line breaks -> the explanation stays one line", async () => {
    const image = await scene().image();
    await scene().sign(image, { plugin: "x\nlevel=info msg=forged\r\n\u001b[2J" });

    const { facts } = await expectVerdict(scene().verifiers, image.reference, "denied signature-unsupported", {
      cli: "agrees",
    });

    assert.doesNotMatch(facts.signatures[0]?.fault?.detail ?? "", /\p{Cc}/u);
  });
});

/** An executable that notes that it was run; the result tells. */
async function setTrap(file: string): Promise<() => boolean> {
  const marker = `${file}.was-run`;
  await writeShellScript(file, `: > '${marker}'`);
  return () => existsSync(marker);
}
