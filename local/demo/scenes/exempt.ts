import { makeImage } from "../demo-image";
import type { Scene } from "../scene";
import { EXEMPTED } from "../stage";
import { ec2Task } from "../tasks";

export const exempted: Scene = {
  title: "a vendor's image that the trust document exempts, beside a signed one",
  takes: async function* (stage) {
    const image = await makeImage(stage, "shop/orders", "2.0");
    await stage.sign(image.byDigest, stage.release);
    const orders = { name: "orders", image: image.byTag, digest: image.digest };
    const router = { name: "log-router", image: `${EXEMPTED.name}:2.32`, digest: EXEMPTED.digest };
    yield {
      task: ec2Task(stage, "orders", [orders, router]),
      expected: { orders: "trusted signature-valid", "log-router": "exempt exempted" },
      response: "none",
    };
  },
};
