import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SNSClient } from "@aws-sdk/client-sns";
import { pushImage } from "../../local/images";
import { handlePostponed } from "../../verifier/src/detector/postponed";
import { createDelivery } from "../../verifier/src/reporting/delivery";
import { verdictCache } from "../../verifier/src/verification/verdict-cache";
import { errorNames } from "../support/async-invocation";
import { testDetector } from "../support/detector";
import { pendingEvent, runningEvent } from "../support/launch-events";
import { judgeImages } from "./support/judge-images";
import { useScene } from "./support/scene";

/**
 * SNS is asked in the form of HTML forms, which the SDK encodes with encodeURIComponent: it throws at half of a surrogate
 * pair. A row of a message is cut at 397 UTF-16 units, wherever that is.
 */
describe("contract: a signature whose text is cut within a character", () => {
  const scene = useScene();
  let aws: Server;
  let published: string[] = [];

  before(async () => {
    aws = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        published.push(new URLSearchParams(Buffer.concat(chunks).toString()).get("Message") ?? "");
        response.setHeader("content-type", "text/xml");
        response.end(
          '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
        );
      });
    });
    await new Promise<void>((resolve) => aws.listen(0, "127.0.0.1", resolve));
  });
  after(() => aws.close());
  beforeEach(() => {
    published = [];
  });

  /** An envelope that claims, for the explanation, to be for a digest of 200 smileys. */
  function hostileEnvelope(): Buffer {
    const payload = { targetArtifact: { digest: `x${"\u{1F600}".repeat(200)}`, mediaType: "m", size: 1 } };
    const encoded = Buffer.from(JSON.stringify(payload)).toString("base64url");
    return Buffer.from(JSON.stringify({ payload: encoded, protected: "e30", header: { x5c: [] }, signature: "AA" }));
  }

  function detectorOf(mode: "audit" | "enforce", respond?: Parameters<typeof testDetector>[0]) {
    const credentials = { accessKeyId: "a", secretAccessKey: "b" };
    const endpoint = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
    const real = createDelivery({
      sns: new SNSClient({ region: "eu-west-1", endpoint, credentials, maxAttempts: 1 }),
      events: new EventBridgeClient({ region: "eu-west-1", credentials }),
      resources: { EVENT_BUS: "default", NOTIFICATION_TOPIC: "arn:aws:sns:eu-west-1:111122223333:t" },
    });
    const detector = testDetector({
      settings: { mode },
      judge: judgeImages(scene().verifiers, scene().trust(), {
        cache: verdictCache({ trustedTtlMs: 300_000, max: 100, now: Date.now }),
        deadlineMs: 10_000,
      }),
      delivery: { putEvent: async () => {}, notify: real.notify, announce: real.announce },
      ...respond,
    });
    return detector;
  }

  it("in audit, where the message is all that comes of a denial: people are told", async () => {
    const image = await scene().image();
    await scene().push(image, hostileEnvelope());
    const detector = detectorOf("audit", {
      respond: async () => ({ state: "done", outcome: "audited", now: true }),
    });
    const containers = [{ name: "web", image: image.reference, imageDigest: image.descriptor.digest }];

    const invocation = await detector.invoke(runningEvent({ containers }));

    assert.deepEqual([errorNames(invocation), published.length], [["ok"], 1], String(invocation.attempts[0]?.message));
    assert.match(published[0] ?? "", /DENIED: signature-invalid/);
  });

  it("with a stop over budget and a tag that moves to a signed image: the task is stopped in the next window", async () => {
    const bad = await scene().image();
    await scene().push(bad, hostileEnvelope());
    let free = false;
    const stopped: string[] = [];
    const detector = detectorOf("enforce", {
      respond: async ({ taskArn }, status) => {
        if (status !== "denied") return { state: "done", outcome: "none", now: false };
        if (!free) return { state: "over-budget" };
        stopped.push(taskArn);
        return { state: "done", outcome: "stopped", now: true };
      },
    });
    const tagged = { name: "web", image: bad.taggedReference };
    await detector.invoke(pendingEvent({ containers: [tagged] }));
    await detector.invoke(runningEvent({ containers: [{ ...tagged, imageDigest: bad.descriptor.digest }] }));
    assert.equal(detector.seen.postponed.length, 1);
    const good = await pushImage(bad.repository, { seed: `${Math.random()}`, tag: "v1" });
    await scene().sign({ repository: bad.repository, descriptor: good });
    free = true;
    await detector.clock.pass(10 * 60_000);

    const body = JSON.stringify(detector.seen.postponed[0]);
    const { batchItemFailures } = await handlePostponed(
      detector,
      [{ eventSource: "aws:sqs", messageId: "m", body }],
      () => 60_000,
    );

    assert.deepEqual(
      [stopped.length, batchItemFailures.length],
      [1, 0],
      "the stop has left the queue, and the task, whose digest was denied, runs on",
    );
  });
});
