import { makeImage } from "../demo-image";
import type { GateScene } from "./scene";

const refused: GateScene = {
  title: "signed: goes on; then unsigned: refused before a task starts",
  takes: async function* (stage) {
    const { deployments } = stage;
    const signed = await makeImage(stage, "shop/web", "4.0");
    await stage.sign(signed.byDigest, stage.release);
    const first = deployments.deploy("web", [{ name: "web", image: signed.byTag }]);
    yield {
      deployment: first,
      stage: "PRE_SCALE_UP",
      mode: "enforce",
      expected: { verdict: "trusted signature-valid", answer: "SUCCEEDED", isTold: false },
    };
    deployments.complete(first);
    const unsigned = await makeImage(stage, "shop/web", "4.1-hotfix");
    yield {
      deployment: deployments.deploy("web", [{ name: "web", image: unsigned.byTag }]),
      stage: "PRE_SCALE_UP",
      mode: "enforce",
      expected: { verdict: "denied no-signature", answer: "FAILED", isTold: true },
    };
  },
};

const patient: GateScene = {
  title: "AWS Signer does not answer: the deployment waits, and goes on when it does",
  takes: async function* (stage) {
    const image = await makeImage(stage, "shop/stock", "4.3");
    await stage.sign(image.byDigest, stage.release);
    const deployment = stage.deployments.deploy("stock", [{ name: "stock", image: image.byTag }]);
    const call = { deployment, stage: "PRE_SCALE_UP", mode: "enforce" } as const;
    stage.signer.failWith({ status: 429, type: "TooManyRequestsException", message: "slow down" });
    const before = yield {
      ...call,
      expected: { verdict: "inconclusive signer-unavailable", answer: "IN_PROGRESS", isTold: false },
    };
    stage.signer.failWith(undefined);
    stage.clock.advance((before.callBackDelay ?? 0) * 1000);
    yield {
      ...call,
      before,
      expected: { verdict: "trusted signature-valid", answer: "SUCCEEDED", isTold: false },
    };
  },
};

const audited: GateScene = {
  title: "unsigned, in audit: goes on, and people are told once for the image",
  takes: async function* (stage) {
    const image = await makeImage(stage, "shop/admin", "0.7");
    for (const isTold of [true, false]) {
      yield {
        deployment: stage.deployments.deploy("admin", [{ name: "admin", image: image.byTag }]),
        stage: "PRE_SCALE_UP",
        mode: "audit",
        expected: { verdict: "denied no-signature", answer: "SUCCEEDED", isTold },
      };
    }
  },
};

const wayBack: GateScene = {
  title: "unsigned, but what the service runs already: the way back stays open",
  takes: async function* (stage) {
    const { deployments } = stage;
    const image = await makeImage(stage, "shop/legacy", "1.0");
    deployments.complete(deployments.deploy("legacy", [{ name: "legacy", image: image.byTag, digest: image.digest }]));
    yield {
      deployment: deployments.deploy("legacy", [{ name: "legacy", image: image.byTag }]),
      stage: "PRE_SCALE_UP",
      mode: "enforce",
      expected: { verdict: "denied no-signature", answer: "SUCCEEDED", isTold: true },
    };
  },
};

const movedTag: GateScene = {
  title: "the tag moves while the deployment starts: refused by the digest that ECS resolved",
  takes: async function* (stage) {
    const signed = await makeImage(stage, "shop/search", "5");
    await stage.sign(signed.byDigest, stage.release);
    const container = { name: "search", image: signed.byTag };
    stage.deployments.complete(stage.deployments.deploy("search", [{ ...container, digest: signed.digest }]));
    const deployment = stage.deployments.deploy("search", [container]);
    yield {
      deployment,
      stage: "PRE_SCALE_UP",
      mode: "enforce",
      expected: { verdict: "trusted signature-valid", answer: "SUCCEEDED", isTold: false },
    };
    const { digest } = await makeImage(stage, "shop/search", "5", 2);
    stage.deployments.resolve(deployment, [{ ...container, digest }]);
    yield {
      deployment,
      stage: "POST_SCALE_UP",
      mode: "enforce",
      expected: { verdict: "denied no-signature", answer: "FAILED", isTold: true },
    };
  },
};

/** In the order in which they are played. */
export const GATE_SCENES: readonly GateScene[] = [refused, movedTag, patient, audited, wayBack];
