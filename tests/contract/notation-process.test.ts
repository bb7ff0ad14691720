import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { hang } from "../../local/registry-proxy";
import type { VerificationFacts } from "../../verifier/src/notation/protocol";
import { type Notation, startNotation } from "../../verifier/src/notation/serve";
import { writeShellScript } from "../support/executables";
import { judgeByAnyone } from "./support/judge-by-anyone";
import { useRegistryProxy } from "./support/registry-proxy";
import { type SceneImage, useScene } from "./support/scene";
import { configFolder } from "./support/verifiers";

describe("contract: client of the notation process, with the real process", () => {
  const scene = useScene();
  const proxy = useRegistryProxy(scene);
  let started: Notation[] = [];

  afterEach(async () => {
    await Promise.all(started.map((notation) => notation.stop()));
    started = [];
  });

  it("tells the versions of what verifies", async () => {
    const { notation } = await start();

    const versions = await notation.versions();

    assert.match(versions.notationGo, /^v1\.3\.\d+$/);
    assert.match(versions.orasGo, /^v2\.\d+\.\d+$/);
    assert.equal(versions.plugin.name, "com.amazonaws.signer.notation.plugin");
  });

  it("answers many requests at a time, each with its own answer", async () => {
    const { notation } = await start();
    const [signed, unsigned] = [await signedImage(), await scene().image()];
    const images = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? signed : unsigned));

    const facts = await Promise.all(images.map((image) => verify(notation, image)));

    assert.deepEqual(
      facts.map(({ reference, outcome }) => ({ reference, outcome })),
      images.map((image) => ({
        reference: image.reference,
        outcome: image === signed ? "verified" : "no-signatures",
      })),
    );
  });

  it("does not let a slow request hold up the others", async () => {
    const { notation } = await start();
    const image = await signedImage();
    proxy().behave(hang);

    const slow = verify(notation, behindProxy(image), 1000);
    const quick = await Promise.race([slow, verify(notation, image)]);

    assert.equal(quick.outcome, "verified");
    assert.equal(judgeByAnyone(await slow).code, "deadline-exceeded");
  });

  it("killed in the middle -> the waiting request is answered verifier-failed, the next one works", async () => {
    const { notation, pid } = await start();
    const image = await signedImage();
    await verify(notation, image);
    proxy().behave(hang);
    const requestsBefore = proxy().requests.length;
    const waiting = verify(notation, behindProxy(image));
    while (proxy().requests.length === requestsBefore) await new Promise(setImmediate);

    process.kill(await pid(), "SIGKILL");

    const facts = await waiting;
    assert.equal(judgeByAnyone(facts).code, "verifier-failed");
    assert.equal(facts.reference, behindProxy(image).reference);
    assert.match(facts.error?.detail ?? "", /SIGKILL/);
    assert.equal((await verify(notation, image)).outcome, "verified");
  });

  it("stopped -> waiting requests get their answers first, no process is left behind", async () => {
    const { notation, pid } = await start();
    const image = await signedImage();
    await notation.versions();
    const processId = await pid();
    const waiting = Promise.all([verify(notation, image), verify(notation, image)]);

    await notation.stop();

    assert.deepEqual(
      (await waiting).map(({ outcome }) => outcome),
      ["verified", "verified"],
    );
    assert.throws(() => process.kill(processId, 0), { code: "ESRCH" });
  });

  it("asked again after the stop -> starts again", async () => {
    const { notation } = await start();
    const image = await signedImage();
    await verify(notation, image);
    await notation.stop();

    assert.equal((await verify(notation, image)).outcome, "verified");
  });

  it("a reference that is none -> reference-invalid", async () => {
    const { notation } = await start();

    for (const reference of ["", "no registry", "127.0.0.1/team/app", "127.0.0.1/team/app@sha256:12"]) {
      const facts = await notation.verify({ reference, deadlineMs: 1000 });

      assert.equal(judgeByAnyone(facts).code, "reference-invalid", reference);
    }
  });

  it("a deadline that has passed already -> deadline-exceeded: the image is not to blame", async () => {
    const { notation } = await start();
    const image = await signedImage();

    for (const deadlineMs of [0, -1]) {
      const facts = await verify(notation, image, deadlineMs);

      assert.equal(judgeByAnyone(facts).code, "deadline-exceeded", facts.error?.detail);
    }
  });

  it("a deadline in fractions of milliseconds -> trusted", async () => {
    const { notation } = await start();
    const image = await signedImage();

    const facts = await verify(notation, image, 5000.5);

    assert.equal(judgeByAnyone(facts).code, "signature-valid", facts.error?.detail);
  });

  /** The real process, started through a script that notes its process id. */
  async function start(): Promise<{ notation: Notation; pid: () => Promise<number> }> {
    const { stack } = scene();
    const folder = await stack.temporaryFolder();
    const pidFile = join(folder, "pid");
    const script = `echo $$ > '${pidFile}'\nexec '${stack.programs.verifier}' "$@"`;
    const notation = startNotation({
      executable: await writeShellScript(join(folder, "start"), script),
      config: await configFolder(stack, scene().trust()),
      plugin: stack.programs.plugin,
      environment: stack.environment,
      plainHttp: true,
      signerEndpoint: stack.signer.url,
    });
    started.push(notation);
    return { notation, pid: async () => Number(await readFile(pidFile, "utf8")) };
  }

  async function signedImage(): Promise<SceneImage> {
    const image = await scene().image();
    await scene().sign(image);
    return image;
  }

  function behindProxy(image: SceneImage): SceneImage {
    return { ...image, reference: proxy.referenceOf(image) };
  }

  function verify(notation: Notation, { reference }: SceneImage, deadlineMs = 10_000): Promise<VerificationFacts> {
    return notation.verify({ reference, deadlineMs });
  }
});
