import { makeImage, makeMultiPlatformImage } from "../demo-image";
import type { Scene } from "../scene";
import { VERDICT_TTL_SECONDS } from "../stage";
import { fargateTask, provisioning } from "../tasks";

export const signedByDigest: Scene = {
  title: "signed, referred to by digest; GuardDuty adds a container",
  takes: async function* (stage) {
    const image = await makeImage(stage, "shop/web", "1.0");
    await stage.sign(image.byDigest, stage.release);
    const web = { name: "web", image: image.byDigest, digest: image.digest };
    const agent = { name: "aws-guardduty-agent-nm40lC", digest: `sha256:${"bf9197ab".repeat(8)}` };
    yield {
      task: fargateTask(stage, "web", [web, agent]),
      expected: { web: "trusted signature-valid", [agent.name]: "exempt aws-injected" },
      response: "none",
    };
  },
};

export const signedByTag: Scene = {
  title: "signed, referred to by tag: judged early through the tag, then by what ECS pulled",
  takes: async function* (stage) {
    const image = await makeImage(stage, "shop/cart", "2.3");
    await stage.sign(image.byDigest, stage.release);
    const running = fargateTask(stage, "cart", [{ name: "cart", image: image.byTag, digest: image.digest }]);
    yield { task: provisioning(running), expected: { cart: "trusted signature-valid" }, response: "none" };
    yield { task: running, expected: { cart: "trusted signature-valid" }, response: "none" };
  },
};

export const tagMoved: Scene = {
  title: "the tag moves to an unsigned image while the task starts",
  takes: async function* (stage) {
    const signed = await makeImage(stage, "shop/search", "stable");
    await stage.sign(signed.byDigest, stage.release);
    const starting = provisioning(fargateTask(stage, "search", [{ name: "search", image: signed.byTag }]));
    yield { task: starting, expected: { search: "trusted signature-valid" }, response: "none" };

    const other = await makeImage(stage, "shop/search", "stable", 2);
    const running = fargateTask(stage, "search", [{ name: "search", image: other.byTag, digest: other.digest }]);
    yield {
      task: { ...running, createdAt: starting.createdAt },
      expected: { search: "denied no-signature" },
      response: "stopped",
    };
  },
};

export const multiPlatform: Scene = {
  title: "several platforms: the index is signed, which a platform's manifest on its own is not",
  takes: async function* (stage) {
    const { index, platform } = await makeMultiPlatformImage(stage, "shop/mail", "1.1");
    await stage.sign(index.byDigest, stage.release);
    yield {
      task: fargateTask(stage, "mail", [{ name: "mail", image: index.byTag, digest: index.digest }]),
      expected: { mail: "trusted signature-valid" },
      response: "none",
    };
    yield {
      task: fargateTask(stage, "mail-amd64", [{ name: "mail", image: platform.byDigest, digest: platform.digest }]),
      expected: { mail: "denied no-signature" },
      response: "stopped",
    };
  },
};

export const revokedWhileRunning: Scene = {
  title: "revoked while it runs: judged again once the verdict is no longer kept",
  takes: async function* (stage) {
    const image = await makeImage(stage, "shop/stock", "4.2");
    const { signature } = await stage.sign(image.byDigest, stage.release);
    const task = fargateTask(stage, "stock", [{ name: "stock", image: image.byTag, digest: image.digest }]);
    yield { task, expected: { stock: "trusted signature-valid" }, response: "none" };

    stage.signer.revokeJob(signature.job);
    stage.clock.advance(VERDICT_TTL_SECONDS * 1000);
    yield {
      task: { ...task, version: task.version + 1 },
      expected: { stock: "denied signature-revoked" },
      response: "stopped",
    };
  },
};

/** Not one of the statuses for which the plugin's SDK retries by itself: that takes seconds for each attempt. */
const SIGNER_DOWN = { status: 520, type: "UnknownError", message: "Signer is down" } as const;

/** How long Lambda waits before it sends an event again to a function that failed. */
const LAMBDA_WAITS_MS = 60_000;

export const signerDown: Scene = {
  title: "AWS Signer is down, and back when Lambda sends the event again",
  takes: async function* (stage) {
    const image = await makeImage(stage, "shop/audit", "1.0");
    await stage.sign(image.byDigest, stage.release);
    const containers = [{ name: "audit", image: image.byDigest, digest: image.digest }];
    const task = fargateTask(stage, "audit", containers, { service: "audit" });
    const sentAt = new Date(stage.clock.now());
    stage.signer.failWith(SIGNER_DOWN);
    yield { task, sentAt, expected: { audit: "inconclusive signer-unavailable" }, response: "retry" };

    stage.signer.failWith(undefined);
    stage.clock.advance(LAMBDA_WAITS_MS);
    yield { task, sentAt, expected: { audit: "trusted signature-valid" }, response: "none" };
  },
};
