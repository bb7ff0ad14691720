import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ComponentError } from "../../../components/program-error";
import type { ImageVerificationArgs } from "../../../plugin/args";
import { toEnvironmentArgs } from "../../../plugin/environment-args";

const TRUST = "registries: [self]\nstatements: [{ name: all, repositories: ['*'], identities: [self] }]\n";

/** As the engine passes them: no compiler has seen them. */
const toArgs = (given: Readonly<Record<string, unknown>>) =>
  toEnvironmentArgs("images", { trust: TRUST, ...given } as unknown as ImageVerificationArgs);

function refusal(given: Readonly<Record<string, unknown>>): string {
  try {
    toArgs(given);
  } catch (error) {
    assert.ok(error instanceof ComponentError, String(error));
    assert.equal(error.stack, error.message);
    return error.message;
  }
  throw new Error("It was not refused.");
}

describe("the arguments of the component plugin", () => {
  it("become those of the environment", () => {
    const { behaviour, notifications, gate, protect } = toArgs({
      mode: "enforce",
      maxSignatures: 9,
      email: ["a@example.com"],
      gateServices: ["arn:aws:ecs:eu-west-1:111122223333:service/web/web"],
      protect: false,
    });

    assert.deepEqual(behaviour, { mode: "enforce", maxSignatures: 9 });
    assert.deepEqual(notifications, { email: [{ address: "a@example.com" }] });
    assert.deepEqual(gate, { services: ["arn:aws:ecs:eu-west-1:111122223333:service/web/web"] });
    assert.equal(protect, false);
  });

  describe("of the wrong kind are refused, with what is allowed", () => {
    for (const [given, said] of [
      [{ protect: "false" }, 'protect is "false". Write false without quotes. Allowed: true, false.'],
      [{ forceDelete: "false" }, 'forceDelete is "false". Write false without quotes. Allowed: true, false.'],
      [{ findings: "no" }, 'findings is "no". Allowed: true, false.'],
      [{ maxSignatures: "9999" }, 'maxSignatures is "9999". Write 9999 without quotes. Allowed: a number.'],
      [{ environment: 7 }, "environment is 7. Allowed: text."],
      [{ trust: { registries: [] } }, 'trust is {"registries":[]}. Allowed: text.'],
      [{ email: "a@b" }, 'email is "a@b". Write it as a list. Allowed: a list of text.'],
      [{ email: ["a@b", 7] }, 'email is ["a@b",7]. Allowed: a list of text.'],
      [{ mode: 7 }, "mode is 7. Allowed: audit, enforce."],
    ] as const) {
      it(JSON.stringify(given), () => assert.equal(refusal(given), `ImageVerification images: ${said}`));
    }
  });

  it("of another name are refused, with the name that was probably meant", () => {
    assert.equal(
      refusal({ gatemode: "enforce" }),
      'ImageVerification images: There is no argument "gatemode". Write gateMode.',
    );
    assert.match(refusal({ toString: "x", zzz: 1 }), /no argument "toString"\.[\s\S]*no argument "zzz"\./);
  });

  it("are refused all at once", () => {
    const said = refusal({ protect: "false", gatemode: "enforce", mode: "enforced" });

    assert.match(said, /^ImageVerification images has 3 problems\.\n/);
    for (const name of ["protect", "gatemode", "mode"]) assert.match(said, new RegExp(`\\b${name}\\b`));
  });

  it("that are null count as not given", () => {
    const args = toArgs({ baseImageTrust: null, email: null, protect: null, gateMode: null, sweepEveryHours: null });

    assert.deepEqual(args, toArgs({}));
  });

  it("must say whom the environment trusts", () => {
    for (const trust of [null, undefined]) {
      assert.equal(
        refusal({ trust }),
        "ImageVerification images: trust is missing. Give the text of a trust document: docs/trust-document.md.",
      );
    }
  });

  it("that are outputs are passed on", () => {
    const eventBus = pulumi.output("bus");

    assert.equal(toArgs({ eventBus }).eventBus, eventBus);
  });

  it("never show a secret: not below another name, and not in an output", () => {
    const said = refusal({ slackWebhook: "hush", environment: pulumi.secret("hush") });

    assert.match(said, /no argument "slackWebhook"\.\n {2}Fix: Write slackWebhookUrl\./);
    assert.match(said, /environment is an output of a resource, and must be known before\./);
    assert.doesNotMatch(said, /hush/);
  });
});
