import assert from "node:assert/strict";
import { reasonFor } from "../../../../verifier/src/detector/stop-reason";
import { containerVerdict } from "../../../support/launch";
import { DIGEST, IMAGE } from "../../../support/launch-events";

describe("the reason that ECS shows for a stopped task", () => {
  it("says which code, container and image", () => {
    assert.equal(
      reasonFor([containerVerdict({ code: "signature-valid" }, "proxy"), containerVerdict()]),
      `ecs-image-verification: no-signature: container web, image ${IMAGE}@${DIGEST}`,
    );
  });

  it("is the denied container's, whatever stands before it", () => {
    const containers = [containerVerdict({ code: "registry-unavailable" }, "proxy"), containerVerdict()];

    assert.match(reasonFor(containers), /no-signature: container web/);
  });

  it("is the inconclusive container's if none is denied", () => {
    assert.match(reasonFor([containerVerdict({ code: "registry-unavailable" })]), /registry-unavailable/);
  });

  it("is printable ASCII, whatever the reference", () => {
    const reason = reasonFor([containerVerdict({ code: "reference-invalid", reference: "a\n\u202eb\u0000é" })]);

    assert.match(reason, /^[\x20-\x7e]+$/);
  });
});
