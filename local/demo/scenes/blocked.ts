import { randomUUID } from "node:crypto";
import { makeImage } from "../demo-image";
import type { Scene } from "../scene";
import { ec2Task } from "../tasks";

export const blocked: Scene = {
  title: "signed and trusted, until somebody blocks its digest: the next task is stopped, although the verdict is kept",
  takes: async function* (stage) {
    const image = await makeImage(stage, "shop/coupons", "5.1");
    await stage.sign(image.byDigest, stage.release);
    const container = { name: "coupons", image: image.byTag, digest: image.digest };
    yield {
      task: ec2Task(stage, "coupons-1", [container]),
      expected: { coupons: "trusted signature-valid" },
      response: "none",
    };
    stage.orders.give({
      kind: "block",
      id: randomUUID(),
      digest: image.digest,
      image: image.byDigest.split("@")[0] ?? "",
      from: new Date(stage.clock.now()).toISOString(),
      owner: "security",
      reason: "its library is attacked",
    });
    yield {
      task: ec2Task(stage, "coupons-2", [container]),
      expected: { coupons: "denied digest-blocked" },
      response: "stopped",
    };
  },
};
