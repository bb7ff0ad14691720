import { makeImage } from "../demo-image";
import type { Scene } from "../scene";
import { APPROVED } from "../stage";
import { fargateTask } from "../tasks";

export const approved: Scene = {
  title: "a release that must also be approved: without the second signature, then with both",
  takes: async function* (stage) {
    const early = await makeImage(stage, APPROVED, "3.0-rc");
    await stage.sign(early.byDigest, stage.release);
    yield {
      task: fargateTask(stage, "payments-rc", [{ name: "payments", image: early.byTag, digest: early.digest }]),
      expected: { payments: "denied signers-missing" },
      response: "stopped",
    };

    const image = await makeImage(stage, APPROVED, "3.0");
    await stage.sign(image.byDigest, stage.release);
    await stage.sign(image.byDigest, stage.approval);
    yield {
      task: fargateTask(stage, "payments", [{ name: "payments", image: image.byTag, digest: image.digest }]),
      expected: { payments: "trusted signature-valid" },
      response: "none",
    };
  },
};
