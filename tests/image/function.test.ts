import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { hookCallFor } from "../../local/ecs-deployments";
import { deploymentCheckRequest } from "../../verifier/src/detector/deployment-check";
import { HEARTBEAT_REQUEST } from "../../verifier/src/gate/heartbeat";
import { hashSettings } from "../../verifier/src/settings-hash";
import { sweepRequest } from "../../verifier/src/sweep/request";
import { IMAGE, type ImageFixture, useVerifierImage } from "./support/fixture";
import { type LambdaFunction, startFunction } from "./support/lambda-function";
import { startLoopbackNetwork } from "./support/loopback";
import { type Answer, type RuntimeApi, startRuntimeApi } from "./support/runtime-api";
import { functionEnvironment, launchOf, type Scene } from "./support/scene";
import { buildLocalVerifier } from "./support/verifier-image";

const LOCAL_IMAGE = "ecs-image-verification-test/verifier:local";
const functionTimeoutMs = 60_000;

/** An entry of SendMessageBatch. */
interface Entry {
  readonly MessageBody: string;
}

describe("the verifier image, as Lambda runs it", function () {
  this.timeout(5 * 60_000);

  let fixture: ImageFixture | undefined;
  let scene: Scene;
  let runtimeApi: RuntimeApi;
  /** Of the functions with other handlers. */
  let otherApis: readonly RuntimeApi[];
  let running: LambdaFunction;
  let startOther: (
    handler: string,
    runtimeApi: RuntimeApi,
    environment: Readonly<Record<string, string>>,
  ) => Promise<LambdaFunction>;

  useVerifierImage((built) => {
    fixture = built;
  });

  before("start the function", async () => {
    // Skipped: the machine lacks what the image needs.
    if (fixture === undefined) return;
    const { engine, base, later } = fixture;
    scene = fixture.scene;
    const { stack, aws } = scene;
    const signerEndpoint = stack.signer.url;
    await buildLocalVerifier(engine, {
      tag: LOCAL_IMAGE,
      from: IMAGE,
      signerEndpoint,
      rootPem: stack.signer.rootPem,
    });
    runtimeApi = await startRuntimeApi(functionTimeoutMs);
    otherApis = await Promise.all(Array.from({ length: 4 }, () => startRuntimeApi(functionTimeoutMs)));
    for (const { close } of [runtimeApi, ...otherApis]) later(close);
    const apis = [runtimeApi, ...otherApis].map(({ address }) => address);
    const addresses = [stack.registry, new URL(signerEndpoint).host, aws.address, ...apis];
    const network = await startLoopbackNetwork(engine, base.node, addresses);
    later(network.close);
    startOther = async (handler, api, environment) => {
      const other = await startFunction(engine, {
        image: LOCAL_IMAGE,
        network: network.network,
        runtimeApi: api,
        environment,
        handler,
      });
      later(other.stop);
      return other;
    };
    running = await startFunction(engine, {
      image: LOCAL_IMAGE,
      network: network.network,
      runtimeApi,
      environment: functionEnvironment(aws),
    });
    later(running.stop);
    console.log(`    init ${running.initMilliseconds.toFixed(0)} ms`);
  });

  afterEach(function () {
    if (this.currentTest?.state === "failed") console.log(running.log().slice(-1500));
  });

  it("starts as an unprivileged user without a home, capabilities, a writable root or a network but loopback", async () => {
    const environment = (await running.inspect("cat /proc/1/environ")).split("\0");
    const status = await running.inspect("cat /proc/1/status");
    const devices = (await running.inspect("tail -n +3 /proc/net/dev")).trim().split("\n");

    // Lambda gives none; this one is the image's own.
    assert.deepEqual(
      environment.filter((variable) => variable.startsWith("HOME=")),
      ["HOME=/nonexistent"],
    );
    assert.match(status, /^Uid:\s+993\s+993\s+993\s+993$/m);
    assert.match(status, /^CapEff:\s+0+$/m);
    assert.deepEqual(
      devices.map((line) => line.split(":")[0]?.trim()),
      ["lo"],
    );
    assert.equal(
      await running.inspect(
        "find / -path /proc -prune -o -path /dev -prune -o -writable -not -type c -not -type l -print 2>/dev/null; true",
      ),
      "/tmp\n",
    );
  });

  it("finds a signed image trusted: cold, and warm", async () => {
    const cold = await runtimeApi.invoke(launchOf(await scene.signed("cold")));
    const warm = await runtimeApi.invoke(launchOf(await scene.signed("warm")));

    console.log(`      cold ${time(cold)}, warm ${time(warm)}`);
    assert.deepEqual([cold.outcome, warm.outcome], ["response", "response"], JSON.stringify([cold, warm]));
    assert.deepEqual(verdictsPut(scene).map(codeOf), ["trusted signature-valid", "trusted signature-valid"]);
    assert.equal(scene.aws.calls("ECS.StopTask").length, 0);
  });

  it("answers a second launch of the same image from memory", async () => {
    const launch = launchOf(await scene.signed("warm"));
    const asked = scene.stack.signer.requests.length;

    const again = await runtimeApi.invoke(launch);

    console.log(`      cached ${time(again)}`);
    assert.equal(again.outcome, "response");
    assert.equal(revocationsSince(scene, asked), 0);
  });

  it("stops a task of an unsigned image", async () => {
    const before = verdictsPut(scene).length;

    const answer = await runtimeApi.invoke(launchOf(await scene.unsigned("unsigned")));

    console.log(`      unsigned ${time(answer)}`);
    assert.equal(answer.outcome, "response");
    assert.deepEqual(verdictsPut(scene).slice(before).map(codeOf), ["denied no-signature"]);
    const [stop] = scene.aws.calls("ECS.StopTask");
    assert.match(String(stop?.input.reason), /no-signature/);
    assert.equal(scene.aws.calls("SNS.Publish").length, 1);
  });

  it("takes a batch of postponed stops, and says which of them stay in the queue", async () => {
    const before = scene.aws.calls("ECS.StopTask").length;
    const message = { eventSource: "aws:sqs", attributes: { ApproximateReceiveCount: "1" } };
    const body = JSON.stringify(launchOf(await scene.unsigned("postponed")));

    const answer = await runtimeApi.invoke({
      Records: [
        { ...message, messageId: "stopped", body },
        { ...message, messageId: "no event", body: "{}" },
      ],
    });

    assert.equal(answer.outcome, "response");
    assert.deepEqual(answer.body, { batchItemFailures: [{ itemIdentifier: "no event" }] });
    assert.equal(scene.aws.calls("ECS.StopTask").length, before + 1);
  });

  it("tells a deployment whether it runs on its settings", async () => {
    const arrived = await runtimeApi.invoke(deploymentCheckRequest(hashSettings(scene.settings)));
    const behind = await runtimeApi.invoke(deploymentCheckRequest(hashSettings({ ...scene.settings, mode: "audit" })));

    assert.deepEqual([arrived.outcome, arrived.body], ["response", { warnings: [] }]);
    assert.deepEqual(
      [behind.outcome, (behind.body as { errorType: string }).errorType],
      ["error", "DeploymentCheckError"],
    );
  });

  it("fails for a bad event, and goes on", async () => {
    const bad = await runtimeApi.invoke({ source: "aws.ecs", detail: "no task" });
    const good = await runtimeApi.invoke(launchOf(await scene.signed("warm")));

    console.log(`      bad event ${time(bad)}`);
    assert.equal(bad.outcome, "error");
    assert.equal((bad.body as { errorType: string }).errorType, "EventMalformedError");
    assert.equal(good.outcome, "response");
  });

  describe("as the deployment gate", () => {
    let api: RuntimeApi;
    let broken: RuntimeApi;
    let gate: LambdaFunction;
    const call = (reference: string) =>
      hookCallFor(scene.deployments.deploy("shop", [{ name: "app", image: reference }]), "PRE_SCALE_UP");

    before("start the gate, and one that cannot start", async () => {
      // Skipped: the machine lacks what the image needs.
      if (fixture === undefined) return;
      const [first, second] = otherApis;
      if (first === undefined || second === undefined) return;
      [api, broken] = [first, second];
      const environment: Record<string, string> = {
        ...functionEnvironment(scene.aws),
        GATE_MODE: "enforce",
        GATE_ON_INCONCLUSIVE: "deny",
      };
      gate = await startOther("deployment.handler", api, environment);
      const { LEDGER_TABLE: _, ...without } = environment;
      await startOther("deployment.handler", broken, { ...without, GATE_MODE: "audit" });
      console.log(`      init ${gate.initMilliseconds.toFixed(0)} ms`);
    });

    it("lets a signed image through and refuses an unsigned one", async () => {
      const signed = await api.invoke(call(await scene.signed("gate")));
      const unsigned = await api.invoke(call(await scene.unsigned("gate unsigned")));

      console.log(`      cold ${time(signed)}, warm ${time(unsigned)}`);
      assert.deepEqual(
        [signed, unsigned].map(({ outcome, body }) => ({ outcome, body })),
        [
          { outcome: "response", body: { hookStatus: "SUCCEEDED" } },
          { outcome: "response", body: { hookStatus: "FAILED" } },
        ],
      );
    });

    it("answers the heartbeat, and the check of its deployment", async () => {
      const heartbeat = await api.invoke(HEARTBEAT_REQUEST);
      const check = await api.invoke(deploymentCheckRequest(hashSettings(scene.settings)));

      assert.deepEqual([heartbeat.body, check.body], [HEARTBEAT_REQUEST, { warnings: [] }]);
    });

    it("answers what it cannot read: waits, and logs it as JSON, which Lambda's runtime leaves as it is", async () => {
      const { outcome, body } = await api.invoke({ lifecycleStage: "PRE_SCALE_UP" });

      assert.deepEqual([outcome, (body as { hookStatus: string }).hookStatus], ["response", "IN_PROGRESS"]);
      // Docker hands the log on after the answer.
      let messages: readonly string[] = [];
      const isLogged = () => messages.some((message) => message.includes("cannot be read"));
      for (let round = 0; round < 500 && !isLogged(); round += 1) {
        await sleep(20);
        messages = messagesOf(gate.log());
      }
      assert.ok(isLogged(), String(messages));
      assert.ok(messages.includes("Hook Call"), String(messages));
    });

    it("that cannot start, in audit: never fails a deployment, and its heartbeat and check tell", async () => {
      const first = await broken.invoke(call(await scene.unsigned("gate broken")));
      const heartbeat = await broken.invoke(HEARTBEAT_REQUEST);

      assert.deepEqual(
        [first.outcome, (first.body as { hookStatus: string }).hookStatus],
        ["response", "IN_PROGRESS"],
        JSON.stringify(first),
      );
      assert.equal(heartbeat.outcome, "error");
      assert.match((heartbeat.body as { errorMessage: string }).errorMessage, /LEDGER_TABLE/);
    });
  });

  describe("as the sweep", () => {
    let coordinator: RuntimeApi;
    let worker: RuntimeApi;

    before("start the coordinator and the worker", async () => {
      // Skipped: the machine lacks what the image needs.
      if (fixture === undefined) return;
      const [, , third, fourth] = otherApis;
      if (third === undefined || fourth === undefined) return;
      [coordinator, worker] = [third, fourth];
      const environment = {
        ...functionEnvironment(scene.aws),
        // The SDK calls the host of the queue.
        SWEEP_QUEUE_URL: `${scene.aws.url}/111122223333/sweep`,
        SWEEP_MODE: "audit",
      };
      const [first, second] = await Promise.all([
        startOther("sweep.handler", coordinator, environment),
        startOther("sweep-worker.handler", worker, environment),
      ]);
      console.log(`      init ${first.initMilliseconds.toFixed(0)} ms, ${second.initMilliseconds.toFixed(0)} ms`);
    });

    it("queues each image that runs, judges it, and tells the first time what runs", async () => {
      const references = [await scene.signed("sweep"), await scene.unsigned("sweep unsigned")];
      scene.running.put(
        "shop",
        references.map((image) => ({ containers: [{ name: "app", image, imageDigest: image.split("@")[1] ?? "" }] })),
      );
      const published = scene.aws.calls("SNS.Publish").length;

      const begun = await coordinator.invoke(sweepRequest("2026-11-27T12:00:00Z"));
      const queued = scene.aws.calls("SQS.SendMessageBatch").flatMap(({ input }) => input.Entries as Entry[]);
      const messages = [...queued.map(({ MessageBody }) => MessageBody), "no image"];
      const judged = await worker.invoke({
        Records: messages.map((body, index) => ({ messageId: `m${index}`, body, eventSource: "aws:sqs" })),
      });

      console.log(`      coordinator ${time(begun)}, worker ${time(judged)}`);
      assert.equal(begun.outcome, "response", JSON.stringify(begun));
      assert.equal(queued.length, 2);
      assert.deepEqual([judged.outcome, judged.body], ["response", { batchItemFailures: [{ itemIdentifier: "m2" }] }]);
      const [summary, ...noMore] = scene.aws.calls("SNS.Publish").slice(published);
      assert.equal(summary?.input.Subject, "FIRST SWEEP of test: 2 containers, 2 judged");
      assert.deepEqual(noMore, []);
    });

    it("answers the check of its deployment, and refuses what it does not know", async () => {
      const check = await worker.invoke(deploymentCheckRequest(hashSettings(scene.settings)));
      const odd = await coordinator.invoke({ source: "aws.ecs" });

      assert.deepEqual([check.outcome, check.body, odd.outcome], ["response", { warnings: [] }, "error"]);
    });
  });

  it("judges 1000 launches of 20 digests with 20 verifications", async () => {
    const references: string[] = [];
    for (let seed = 0; seed < 20; seed++) references.push(await scene.signed(`burst ${seed}`));
    const launches = Array.from({ length: 1000 }, (_, index) => launchOf(references[index % 20] ?? ""));
    const asked = scene.stack.signer.requests.length;
    const put = verdictsPut(scene).length;
    const startedAt = performance.now();

    const answers = await Promise.all(launches.map((launch) => runtimeApi.invoke(launch)));

    const seconds = (performance.now() - startedAt) / 1000;
    const sorted = answers.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
    const at = (share: number) => `${sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(1)} ms`;
    console.log(`      1000 launches in ${seconds.toFixed(1)} s: median ${at(0.5)}, 99 % ${at(0.99)}, most ${at(1)}`);
    assert.ok(answers.every(({ outcome }) => outcome === "response"));
    assert.equal(revocationsSince(scene, asked), 20);
    const verdicts = verdictsPut(scene).slice(put);
    assert.equal(verdicts.length, 1000);
    assert.ok(verdicts.every(({ code }) => code === "signature-valid"));
  });
});

interface PutVerdict {
  readonly status: string;
  readonly code: string;
}

/** The messages of the lines of JSON that are whole. */
function messagesOf(log: string): readonly string[] {
  const lines = log.split("\n").slice(0, -1);
  return lines.filter((line) => line.startsWith("{")).map((line) => String(JSON.parse(line).message));
}

/** The details of the `Image Verdict` events so far. */
function verdictsPut({ aws }: Scene): readonly PutVerdict[] {
  return aws.calls("EventBridge.PutEvents").flatMap(({ input }) => {
    const entries = input.Entries as readonly { readonly Detail: string }[];
    return entries.map(({ Detail }) => JSON.parse(Detail));
  });
}

function codeOf({ status, code }: PutVerdict): string {
  return `${status} ${code}`;
}

/** How often Signer was asked whether a signature is revoked: once for each verification that gets that far. */
function revocationsSince({ stack }: Scene, count: number): number {
  return stack.signer.requests.slice(count).filter(({ operation }) => operation === "GetRevocationStatus").length;
}

function time({ milliseconds }: Answer): string {
  return `${milliseconds.toFixed(0)} ms`;
}
