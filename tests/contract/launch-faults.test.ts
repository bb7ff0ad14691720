import assert from "node:assert/strict";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Rule } from "../../local/registry-proxy";
import { type Notation, startNotation } from "../../verifier/src/notation/serve";
import { verdictCache } from "../../verifier/src/verification/verdict-cache";
import { errorNames } from "../support/async-invocation";
import { testDetector } from "../support/detector";
import { runningEvent } from "../support/launch-events";
import { judgeImages } from "./support/judge-images";
import { useRegistryProxy } from "./support/registry-proxy";
import { useScene } from "./support/scene";
import { configFolder } from "./support/verifiers";

describe("contract: the launch detector with the real process", () => {
  const scene = useScene();
  const proxy = useRegistryProxy(scene);
  afterEach(() => scene().stack.signer.failWith(undefined));

  const detectorWith = (notation: Notation, registries: readonly string[]) => {
    const trust = { ...scene().trust(), registries };
    return testDetector({
      judge: judgeImages({ notation }, trust, {
        cache: verdictCache({ trustedTtlMs: 300_000, max: 100, now: Date.now }),
        deadlineMs: 10_000,
      }),
    });
  };
  const eventOf = (image: string) =>
    runningEvent({ containers: [{ name: "web", image, imageDigest: digestIn(image) }] });

  it("Signer down for an attempt, then back -> tried again, trusted", async () => {
    const image = await scene().image();
    await scene().sign(image);
    const { signer } = scene().stack;
    const detector = detectorWith(await hastyNotation(), [scene().registry]);

    const invocation = await detector.invoke(eventOf(image.reference), {
      beforeAttempt: (attempt) =>
        signer.failWith(
          attempt === 1 ? { status: 429, type: "TooManyRequestsException", message: "slow down" } : undefined,
        ),
    });

    assert.deepEqual(errorNames(invocation), ["InconclusiveError", "ok"]);
    assert.match(invocation.attempts[0]?.message ?? "", /signer-unavailable/);
    assert.deepEqual(
      detector.seen.events.map(({ code }) => code),
      ["signature-valid"],
    );
  });

  it("Signer down for all three attempts -> final alert, task left alone; then back -> the next event is trusted", async () => {
    const image = await scene().image();
    await scene().sign(image);
    const { signer } = scene().stack;
    const detector = detectorWith(await hastyNotation(), [scene().registry]);
    signer.failWith({ status: 503, type: "InternalServiceErrorException", message: "not well" });

    const invocation = await detector.invoke(eventOf(image.reference));
    signer.failWith(undefined);
    await detector.handle(eventOf(image.reference));

    assert.deepEqual(errorNames(invocation), ["InconclusiveError", "InconclusiveError", "ok"]);
    assert.deepEqual(
      detector.seen.events.map(({ code, final, response }) => `${code} ${final} ${response}`),
      ["signer-unavailable true none", "signature-valid true none"],
    );
    assert.deepEqual(detector.seen.responses, []);
  });

  it("scenario 44: an odd digest beside an image that nobody has signed -> both denied, the task stopped", async () => {
    const image = await scene().image();
    const detector = detectorWith(await hastyNotation(), [scene().registry]);
    const odd = { name: "odd", image: image.reference, imageDigest: `sha384:${"a".repeat(96)}` };
    const web = { name: "web", image: image.reference, imageDigest: digestIn(image.reference) };

    const { ended } = await detector.invoke(runningEvent({ containers: [odd, web] }));

    assert.equal(ended, "succeeded");
    assert.deepEqual(
      detector.seen.events.map(({ container, code, response }) => `${container} ${code} ${response}`),
      ["odd digest-unreported stopped", "web no-signature stopped"],
    );
  });

  it("process killed in the middle of a verification -> started again and judged in the same attempt", async () => {
    const image = await scene().image();
    await scene().sign(image);
    const { notation, kill } = await killableNotation();
    try {
      const killing: Rule = async () => {
        proxy().behave();
        await kill();
        return "hang";
      };
      proxy().behave(killing);
      const detector = detectorWith(notation, [proxy().address]);

      const invocation = await detector.invoke(eventOf(proxy.referenceOf(image)));

      assert.deepEqual(errorNames(invocation), ["ok"]);
      assert.deepEqual(
        detector.seen.events.map(({ code }) => code),
        ["signature-valid"],
      );
    } finally {
      await notation.stop();
    }
  });

  it("process killed at each verification -> verifier-failed, tried again, and a final alert in the end", async () => {
    const image = await scene().image();
    await scene().sign(image);
    const { notation, kill } = await killableNotation();
    try {
      proxy().behave(async () => {
        await kill();
        return "hang";
      });
      const detector = detectorWith(notation, [proxy().address]);

      const invocation = await detector.invoke(eventOf(proxy.referenceOf(image)));

      assert.deepEqual(errorNames(invocation), ["InconclusiveError", "InconclusiveError", "ok"]);
      assert.deepEqual(
        detector.seen.messages.map(({ code, final, response }) => [code, final, response]),
        [["verifier-failed", true, "none"]],
      );
    } finally {
      await notation.stop();
    }
  });

  /** The real process, whose plugin asks Signer once for each verification. */
  async function hastyNotation(): Promise<Notation> {
    const environment = { ...scene().stack.environment, AWS_MAX_ATTEMPTS: "1" };
    return (await scene().startVerifiers({ environment })).notation;
  }

  /** The real process behind a script that leaves its id. */
  async function killableNotation(): Promise<{ notation: Notation; kill: () => Promise<void> }> {
    const { stack } = scene();
    const folder = await stack.temporaryFolder();
    const script = join(folder, "notation-verifier");
    await writeFile(script, `#!/bin/sh\necho $$ > "${folder}/pid"\nexec "${stack.programs.verifier}" "$@"\n`);
    await chmod(script, 0o755);
    const notation = startNotation({
      executable: script,
      config: await configFolder(stack, { ...scene().trust(), registries: [proxy().address] }),
      plugin: stack.programs.plugin,
      environment: stack.environment,
      plainHttp: true,
      signerEndpoint: stack.signer.url,
    });
    return {
      notation,
      kill: async () => void process.kill(Number(await readFile(join(folder, "pid"), "utf8")), "SIGKILL"),
    };
  }
});

function digestIn(reference: string): string {
  return reference.slice(reference.indexOf("@") + 1);
}
