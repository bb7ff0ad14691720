import { pushSignature } from "../../signatures";
import { payloadFor } from "../../signer/envelope";
import { withPayload } from "../../signer/tamper";
import { makeImage } from "../demo-image";
import type { Scene } from "../scene";
import { ec2Task, ended, fargateTask, provisioning } from "../tasks";

const DAY_MS = 24 * 60 * 60_000;

export const unsigned: Scene = {
  title: "unsigned, started by RunTask",
  takes: async function* (stage) {
    const image = await makeImage(stage, "shop/report", "0.9");
    yield {
      task: ec2Task(stage, "report", [{ name: "report", image: image.byTag, digest: image.digest }]),
      expected: { report: "denied no-signature" },
      response: "stopped",
    };
  },
};

export const unsignedService: Scene = {
  title: "unsigned, of a service: were its task only stopped, the next one would follow",
  takes: async function* (stage) {
    const image = await makeImage(stage, "shop/checkout", "7.0");
    const containers = [{ name: "checkout", image: image.byTag, digest: image.digest }];
    yield {
      task: fargateTask(stage, "checkout", containers, { service: "checkout" }),
      expected: { checkout: "denied no-signature" },
      response: "rolled-back-and-stopped",
    };
  },
};

export const crashLoop: Scene = {
  title: "unsigned, and each task ends before ECS has reported its digest: judged when it has ended, told once",
  takes: async function* (stage) {
    const image = await makeImage(stage, "shop/crash", "1.3");
    const containers = [{ name: "crash", image: image.byTag, digest: image.digest }];
    const expected = { crash: "denied no-signature" } as const;
    const first = fargateTask(stage, "crash-1", containers, { service: "crash" });
    const second = fargateTask(stage, "crash-2", containers, { service: "crash" });
    // A service keeps the digest that its first task pulled: a denial through its tag waits for the digest.
    yield { task: provisioning(first), expected, response: "none", isUntold: true };
    yield { task: ended(first), expected, response: "none" };
    yield { task: ended(second), expected, response: "none", isUntold: true };
  },
};

export const otherTeam: Scene = {
  title: "signed with another team's profile",
  takes: async function* (stage) {
    const image = await makeImage(stage, "shop/ledger", "3.1");
    await stage.sign(image.byDigest, stage.otherTeam);
    yield {
      task: ec2Task(stage, "ledger", [{ name: "ledger", image: image.byDigest }]),
      expected: { ledger: "denied identity-not-trusted" },
      response: "stopped",
    };
  },
};

export const tampered: Scene = {
  title: "the signature of another image, rewritten to name this one",
  takes: async function* (stage) {
    const genuine = await makeImage(stage, "shop/api", "5.0");
    const other = await makeImage(stage, "shop/api", "5.0-debug");
    const { envelope } = stage.signer.signPayload(payloadFor(genuine.descriptor), stage.release);
    const rewritten = withPayload(envelope, payloadFor(other.descriptor));
    await pushSignature(other.repository, other.descriptor, rewritten);
    yield {
      task: fargateTask(stage, "api", [{ name: "api", image: other.byTag, digest: other.digest }]),
      expected: { api: "denied signature-invalid" },
      response: "stopped",
    };
  },
};

export const expired: Scene = {
  title: "the signature has expired",
  takes: async function* (stage) {
    const image = await makeImage(stage, "shop/legacy", "0.1");
    // Not made by our `sign`: AWS Signer does not sign with a past date, so the stand-in creates this envelope
    // directly.
    const { envelope } = stage.signer.signPayload(payloadFor(image.descriptor), stage.release, {
      signingTime: new Date(Date.now() - 60 * DAY_MS),
      expiry: new Date(Date.now() - 30 * DAY_MS),
    });
    await pushSignature(image.repository, image.descriptor, envelope);
    yield {
      task: fargateTask(stage, "legacy", [{ name: "legacy", image: image.byTag, digest: image.digest }]),
      expected: { legacy: "denied signature-expired" },
      response: "stopped",
    };
  },
};

export const registryNotAllowed: Scene = {
  title: "from a registry that the trust document does not list, and that is never asked",
  takes: async function* (stage) {
    yield {
      task: ec2Task(stage, "miner", [{ name: "miner", image: "ghcr.io/acme/app:1" }]),
      expected: { miner: "denied registry-not-allowed" },
      response: "stopped",
    };
  },
};
