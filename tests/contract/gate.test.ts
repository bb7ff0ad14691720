import assert from "node:assert/strict";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SNSClient } from "@aws-sdk/client-sns";
import { type LocalAws, startAws } from "../../local/aws";
import {
  hookCallFor,
  type LocalDeployment,
  type LocalDeployments,
  localDeployments,
  type RevisionContainer,
} from "../../local/ecs-deployments";
import { pull, pushManifest } from "../../local/registry-client";
import { pushJunkSignatures } from "../../local/signatures";
import type { ResolvedTrustDocument } from "../../trust";
import type { HookAnswer } from "../../verifier/src/gate/answer";
import { answerCall } from "../../verifier/src/gate/answer-call";
import { assembleGate } from "../../verifier/src/gate/assemble";
import type { GateEnvironment } from "../../verifier/src/gate/environment";
import type { GateOutcome } from "../../verifier/src/reporting/response-outcome";
import { testClock } from "../support/clock";
import { settings } from "../support/detector";
import { ENFORCING } from "../support/gate";
import { EVENT_TIME } from "../support/launch-events";
import { orderStore } from "../support/order-store";
import { block } from "../support/orders";
import { type SceneImage, useScene } from "./support/scene";

const PLACE = { region: "eu-west-1", account: "111122223333", cluster: "web" };
const LOCAL = { region: "eu-west-1", credentials: { accessKeyId: "made-up", secretAccessKey: "made-up" } };

interface SceneGate {
  readonly deployments: LocalDeployments;
  readonly outcomes: GateOutcome[];
  call(deployment: LocalDeployment, stage?: string, hookDetails?: unknown): Promise<HookAnswer>;
}

/** Real: signatures, registry, notation, judging, the calls to AWS. Stand-ins over HTTP: ECS, DynamoDB, EventBridge, SNS, Signer. */
describe("contract: the deployment gate", () => {
  const scene = useScene();
  const clock = testClock(EVENT_TIME);
  let aws: LocalAws;
  let deployments: LocalDeployments;
  const clients: { destroy(): void }[] = [];

  before("stand in for AWS", async () => {
    deployments = localDeployments(PLACE, clock.now);
    aws = await startAws(deployments.answers);
  });
  after("end the stand-in", async () => {
    for (const client of clients) client.destroy();
    await aws.close();
  });
  afterEach(() => scene().stack.signer.failWith(undefined));

  const gateFor = async (
    environment: Partial<GateEnvironment> = {},
    orders = orderStore("prod", clock.now),
    trust: ResolvedTrustDocument = scene().trust(),
  ): Promise<SceneGate> => {
    const { notation } = await scene().startVerifiers({}, trust);
    const outcomes: GateOutcome[] = [];
    const at = { ...LOCAL, endpoint: aws.url };
    const own = {
      ecs: new ECSClient(at),
      dynamodb: new DynamoDBClient(at),
      events: new EventBridgeClient(at),
      sns: new SNSClient(at),
    };
    clients.push(...Object.values(own));
    const gate = assembleGate({
      settings: settings({ mode: "audit", trust }),
      environment: { ...ENFORCING, ...environment },
      resources: {
        LEDGER_TABLE: "ledger",
        EVENT_BUS: "default",
        NOTIFICATION_TOPIC: "arn:aws:sns:eu-west-1:111122223333:verdicts",
        AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/gate",
      },
      notation,
      credentialsFor: async () => undefined,
      orders: orders.orders,
      findOpening: async () => undefined,
      clients: own,
      metrics: {
        verdict: () => {},
        deliveryFailed: () => assert.fail("a delivery failed"),
        answered: (outcome) => void outcomes.push(outcome),
        failed: () => {},
        heartbeat: () => {},
        cacheAsked: () => {},
      },
      log: { verdict: () => {}, order: () => {}, failure: (what) => assert.fail(what) },
      gateLog: { warn: () => {} },
      onLedgerUnavailable: (reason) => assert.fail(reason),
      now: clock.now,
      pause: clock.pass,
    });
    return {
      deployments,
      outcomes,
      call: (deployment, stage = "PRE_SCALE_UP", hookDetails = {}) =>
        answerCall(hookCallFor(deployment, stage, hookDetails), {
          environment: gate.environment,
          start: () => gate,
          now: clock.now,
          onFailure: (what, error) => assert.fail(`${what}: ${error}`),
        }),
    };
  };
  const byTag = ({ taggedReference }: SceneImage, name = "web"): RevisionContainer => ({
    name,
    image: taggedReference,
  });
  const resolved = ({ taggedReference, descriptor }: SceneImage, name = "web"): RevisionContainer => ({
    name,
    image: taggedReference,
    digest: descriptor.digest,
  });
  const lastVerdict = () => {
    const put = aws.calls("EventBridge.PutEvents").at(-1)?.input.Entries as readonly { readonly Detail: string }[];
    return JSON.parse(put[0]?.Detail ?? "{}") as Record<string, unknown>;
  };

  it("signed, by tag and by the digest that ECS resolved -> lets it through at both stages", async () => {
    const gate = await gateFor();
    const image = await scene().image();
    await scene().sign(image);

    const before = await gate.call(gate.deployments.deploy("signed", [byTag(image)]));
    const after = await gate.call(gate.deployments.deploy("signed", [resolved(image)]), "POST_SCALE_UP");

    assert.deepEqual([before, after], [{ hookStatus: "SUCCEEDED" }, { hookStatus: "SUCCEEDED" }]);
  });

  it("unsigned -> refused before a task starts, recorded and told", async () => {
    const gate = await gateFor();
    const image = await scene().image();
    const told = aws.calls("SNS.Publish").length;

    const answer = await gate.call(gate.deployments.deploy("unsigned", [byTag(image)]));

    assert.deepEqual(answer, { hookStatus: "FAILED" });
    const { subject, service, code, digest, response, owner } = lastVerdict();
    assert.deepEqual(
      { subject, service, code, digest, response, owner },
      {
        subject: "deployment",
        service: "unsigned",
        code: "no-signature",
        digest: image.descriptor.digest,
        response: "refused-first-deployment",
        owner: "team-shop",
      },
    );
    assert.match(String(aws.calls("SNS.Publish").slice(told)[0]?.input.Message), /gate open web\/unsigned/);
  });

  it("the tag moves to an unsigned image after the first stage -> refused by the digest at the second", async () => {
    const gate = await gateFor();
    const [signed, unsigned] = [await scene().image(), await scene().image()];
    await scene().sign(signed);

    const deployment = gate.deployments.deploy("moved", [byTag(signed)]);
    const before = await gate.call(deployment);
    gate.deployments.resolve(deployment, [{ ...byTag(signed), digest: unsigned.descriptor.digest }]);
    const after = await gate.call(deployment, "POST_SCALE_UP");

    assert.deepEqual([before.hookStatus, after.hookStatus], ["SUCCEEDED", "FAILED"]);
  });

  it("no digest at the second stage -> judged through the tag, never denied for that", async () => {
    const gate = await gateFor();
    const image = await scene().image();
    await scene().sign(image);

    const answer = await gate.call(gate.deployments.deploy("no-tasks", [byTag(image)]), "POST_SCALE_UP");

    assert.deepEqual(answer, { hookStatus: "SUCCEEDED" });
    assert.equal(lastVerdict().provisional, true);
  });

  it("an unsigned sidecar beside a signed image -> refused", async () => {
    const gate = await gateFor();
    const [signed, unsigned] = [await scene().image(), await scene().image()];
    await scene().sign(signed);

    const answer = await gate.call(gate.deployments.deploy("sidecar", [byTag(signed), byTag(unsigned, "log")]));

    assert.deepEqual(answer, { hookStatus: "FAILED" });
  });

  it("Signer does not answer -> waits, and goes on when it answers again", async () => {
    const gate = await gateFor();
    const image = await scene().image();
    await scene().sign(image);
    const deployment = gate.deployments.deploy("patient", [byTag(image)]);
    scene().stack.signer.failWith({ status: 403, type: "AccessDeniedException" });

    const first = await gate.call(deployment);
    scene().stack.signer.failWith(undefined);
    await clock.pass((first.callBackDelay ?? 0) * 1000);
    const second = await gate.call(deployment, "PRE_SCALE_UP", first.hookDetails);

    assert.deepEqual([first.hookStatus, second.hookStatus], ["IN_PROGRESS", "SUCCEEDED"]);
    assert.deepEqual(gate.outcomes, ["waiting", "none"]);
  });

  it("the way back to what still runs -> let through and recorded, until it is revoked or blocked", async () => {
    const orders = orderStore("prod", clock.now);
    const gate = await gateFor({}, orders);
    const [old, newer] = [await scene().image(), await scene().image()];
    const { jobArn } = await scene().sign(newer);
    const running = gate.deployments.deploy("legacy", [resolved(old)]);
    gate.deployments.complete(running);

    const other = await gate.call(gate.deployments.deploy("legacy", [byTag(await scene().image())]));
    const back = await gate.call(gate.deployments.deploy("legacy", [byTag(old)]));
    const { response } = lastVerdict();
    orders.give(block({ digest: old.descriptor.digest }));
    const blocked = await gate.call(gate.deployments.deploy("legacy", [byTag(old)]));
    gate.deployments.complete(gate.deployments.deploy("legacy", [resolved(newer)]));
    scene().stack.signer.revokeJob(jobArn);
    const revoked = await gate.call(gate.deployments.deploy("legacy", [byTag(newer)]));

    assert.deepEqual(
      [other, back, blocked, revoked].map(({ hookStatus }) => hookStatus),
      ["FAILED", "SUCCEEDED", "FAILED", "FAILED"],
    );
    assert.equal(response, "already-running");
  });

  describe("a revoked image that still runs is no way back", () => {
    const revokedAndRunning = async (gate: SceneGate, service: string) => {
      const image = await scene().image();
      const { jobArn } = await scene().sign(image);
      gate.deployments.complete(gate.deployments.deploy(service, [resolved(image)]));
      scene().stack.signer.revokeJob(jobArn);
      return image;
    };

    it("under the name of another registry, or of another repository", async () => {
      const gate = await gateFor();
      const image = await revokedAndRunning(gate, "renamed");
      const { digest } = image.descriptor;
      // The same bytes, where nobody has signed them.
      const elsewhere = { ...image.repository, name: `${image.repository.name}-copy` };
      const manifest = await pull(image.repository, "manifests", digest);
      const copied = await pushManifest(elsewhere, JSON.parse(manifest.toString()));
      assert.equal(copied.digest, digest);

      for (const name of ["registry.example.com/app", `${scene().registry}/${elsewhere.name}`]) {
        const reference = `${name}@${digest}`;
        const answer = await gate.call(gate.deployments.deploy("renamed", [{ name: "web", image: reference }]));

        assert.deepEqual(answer, { hookStatus: "FAILED" }, reference);
      }
    });

    it("behind junk signatures", async () => {
      const gate = await gateFor();
      const image = await revokedAndRunning(gate, "flooded");
      await pushJunkSignatures(image.repository, image.descriptor, 105);

      const answer = await gate.call(gate.deployments.deploy("flooded", [byTag(image)]));

      assert.deepEqual(answer, { hookStatus: "FAILED" });
    });

    it("where one of two required signatures is revoked", async () => {
      const approval = scene().stack.signer.putProfile("approval");
      const require = [{ identities: [scene().release.arn] }, { identities: [approval.arn] }];
      const trust = scene().trust({ require: require.map((one) => ({ ...one, atLeast: 1 })) });
      const gate = await gateFor({}, undefined, trust);
      const image = await revokedAndRunning(gate, "approved");
      await scene().sign(image, {}, approval);

      const answer = await gate.call(gate.deployments.deploy("approved", [byTag(image)]));

      assert.deepEqual([answer.hookStatus, lastVerdict().code], ["FAILED", "signers-missing"]);
    });
  });

  it("tasks of a deployment that has not succeeded are no way back: it may have been refused", async () => {
    const gate = await gateFor();
    const [signed, unsigned] = [await scene().image(), await scene().image()];
    await scene().sign(signed);
    gate.deployments.complete(gate.deployments.deploy("raced", [resolved(signed)]));
    const raced = gate.deployments.deploy("raced", [byTag(signed)]);
    const before = await gate.call(raced);
    gate.deployments.resolve(raced, [{ ...byTag(signed), digest: unsigned.descriptor.digest }]);
    gate.deployments.start(raced);

    const answer = await gate.call(
      gate.deployments.deploy("raced", [
        { ...byTag(signed), image: `${scene().registry}/${signed.repository.name}@${unsigned.descriptor.digest}` },
      ]),
    );

    assert.deepEqual([before.hookStatus, answer.hookStatus], ["SUCCEEDED", "FAILED"]);
  });

  it("a flood of junk signatures cannot make it wait: refused", async () => {
    const gate = await gateFor({ onInconclusive: "alert" });
    const image = await scene().image();
    await pushJunkSignatures(image.repository, image.descriptor, 105);

    const answer = await gate.call(gate.deployments.deploy("flooded", [byTag(image)]));

    assert.deepEqual(answer, { hookStatus: "FAILED" });
    assert.equal(lastVerdict().code, "too-many-signatures");
  });
});
