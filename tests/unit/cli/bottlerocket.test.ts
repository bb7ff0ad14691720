import assert from "node:assert/strict";
import { nodeNotes } from "../../../cli/trust/bottlerocket-action";
import { notationTrustPolicy } from "../../../trust";
import { bottlerocketSettings, bottlerocketToml } from "../../../trust/bottlerocket";
import { resolve } from "../trust/resolved";

describe("Bottlerocket's setting", () => {
  it("has the trust policy of the verifier, as JSON in base64", () => {
    const settings = bottlerocketSettings(resolve());

    const { enabled, notation } = settings["image-verifier-plugins"];
    assert.equal(enabled, true);
    assert.deepEqual(
      JSON.parse(Buffer.from(notation.trustpolicy, "base64").toString("utf8")),
      notationTrustPolicy(resolve()),
    );
    // The model takes standard base64 with padding, and no line breaks.
    assert.match(notation.trustpolicy, /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);
  });

  it("is TOML with a table for the plugin", () => {
    const toml = bottlerocketToml({ "image-verifier-plugins": { enabled: true, notation: { trustpolicy: "e30=" } } });

    assert.equal(
      toml,
      `[settings.image-verifier-plugins]
enabled = true

[settings.image-verifier-plugins.notation]
trustpolicy = "e30="`,
    );
  });
});

describe("the notes of bottlerocket", () => {
  const exemption = { image: "public.ecr.aws/a/b", owner: "x", reason: "y", expires: "2027-03-31" };

  it("name each exemption that the node does not know", () => {
    assert.match(
      nodeNotes({ exemptions: [exemption], statements: [] }, 100).join(),
      /exemption of "public.ecr.aws\/a\/b" \(until 2027-03-31\)/,
    );
  });

  it("say that user data is too small for it", () => {
    assert.deepEqual(nodeNotes({ exemptions: [], statements: [] }, 16_384), []);
    assert.match(nodeNotes({ exemptions: [], statements: [] }, 16_385).join(), /16385 bytes, and EC2 takes 16384/);
  });
});
