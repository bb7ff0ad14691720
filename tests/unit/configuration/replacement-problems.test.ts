import assert from "node:assert/strict";
import { expectedProfile, replacementProblems } from "../../../configuration/replacement-problems";
import { parseTrustDocument, type TrustDocument } from "../../../trust/document";
import { read } from "./support";

const OLD = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/old";
const NEW = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/new";
const LAST = {
  account: "111122223333",
  region: "eu-west-1",
  signingProfileArn: OLD,
  signingProfileVersionArn: `${OLD}/Ab3dEf6hIj`,
};
const GATED = {
  ...LAST,
  environment: "prod",
  gateTargetArn: "arn:aws:lambda:eu-west-1:111122223333:function:ecs-image-verification-gate-prod:live",
};
const ELSEWHERE = { region: "eu-west-1", signingProfileArn: OLD };

function trusting(...identities: readonly string[]) {
  return parseTrustDocument({
    registries: ["self"],
    statements: [{ name: "release", repositories: ["*"], identities }],
  });
}

type Arguments = Parameters<typeof replacementProblems>;

function problemsWithoutStacks(last: Arguments[0], configuration: Arguments[1], trust: TrustDocument) {
  return replacementProblems(last, configuration, trust, new Map());
}

describe("what a deployed stack must not become", () => {
  const cases: readonly (readonly [string, Parameters<typeof problemsWithoutStacks>, readonly string[]])[] = [
    ["the first deployment may be anything", [{}, read(), trusting("self")], []],
    ["the same again", [LAST, read(), trusting("self")], []],
    ["another account", [LAST, read({}, { account: "999988887777" }), trusting("self")], ["AWS credentials"]],
    ["another region", [LAST, read({}, { region: "eu-central-1" }), trusting("self")], ["aws:region"]],
    [
      "another profile in place of its own",
      [LAST, read({ signingProfile: { arn: NEW } }), trusting("self")],
      ["ecs-image-verification:signingProfile.arn"],
    ],
    [
      "another profile while its own stays trusted",
      [LAST, read({ signingProfile: { arn: NEW } }), trusting("self", OLD)],
      [],
    ],
    [
      "another name of an environment that has a gate",
      [GATED, read({ environment: "renamed", gate: {} }), trusting("self")],
      ["ecs-image-verification:environment"],
    ],
    ["the same name of one that has a gate", [GATED, read({ environment: "prod", gate: {} }), trusting("self")], []],
    ["another name, and no gate any more", [GATED, read({ environment: "renamed" }), trusting("self")], []],
    ["another profile where self is nobody", [LAST, read({ signingProfile: { arn: NEW } }), trusting(NEW)], []],
    ["the same profile of elsewhere", [ELSEWHERE, read({ signingProfile: { arn: OLD } }), trusting("self")], []],
    [
      "a profile of its own in place of one of elsewhere",
      [ELSEWHERE, read(), trusting("self")],
      ["ecs-image-verification:signingProfile.arn"],
    ],
  ];
  for (const [title, given, expected] of cases) {
    it(title, () => {
      assert.deepEqual(
        problemsWithoutStacks(...given).map(({ key }) => key),
        expected,
      );
    });
  }
});

describe("the own signing profile of a deployed stack", () => {
  const cases: readonly (readonly [string, Parameters<typeof expectedProfile>, string | undefined])[] = [
    ["is not known before the first deployment", [{}, read(), trusting("self")], undefined],
    ["must stay", [LAST, read(), trusting("self")], OLD],
    ["may change while the old one is listed beside self", [LAST, read(), trusting("self", OLD)], undefined],
    ["may change where self is nobody", [LAST, read(), trusting(OLD)], undefined],
    [
      "may change in favour of one of elsewhere",
      [LAST, read({ signingProfile: { arn: NEW } }), trusting("self")],
      undefined,
    ],
  ];
  for (const [title, given, expected] of cases) {
    it(title, () => assert.equal(expectedProfile(...given), expected));
  }
});

describe("the signing profile of a trusted stack", () => {
  const LAST_TRUSTED = { region: "eu-west-1", trustedStacks: { "stack:signing": OLD } };
  const problemsFor = (identities: readonly string[], last: Arguments[0], arn: string) => {
    const written = { registries: ["self"], statements: [{ name: "release", repositories: ["*"], identities }] };
    const trust = trusting(...identities.map((identity) => (identity === "stack:signing" ? arn : identity)));
    return replacementProblems(last, read({ trust: written }), trust, new Map([["stack:signing", arn]]));
  };

  it("must not change without notice", () => {
    const [problem, ...more] = problemsFor([NEW, "stack:signing"], LAST_TRUSTED, `${NEW}_2`);

    assert.deepEqual(more, []);
    assert.equal(problem?.key, "ecs-image-verification:trust.statements[0].identities[1]");
    assert.match(problem?.message ?? "", new RegExp(`is now the signing profile ${NEW}_2, and was ${OLD}:`));
    assert.match(problem?.fix ?? "", new RegExp(`List ${OLD} beside stack:signing in release`));
  });

  const accepted: readonly (readonly [string, Parameters<typeof problemsFor>])[] = [
    ["may stay", [["stack:signing"], LAST_TRUSTED, OLD]],
    ["may change while the old one is listed", [["stack:signing", OLD], LAST_TRUSTED, NEW]],
    ["may be trusted for the first time", [["stack:signing"], { region: "eu-west-1" }, NEW]],
    ["may be trusted by its own name only, to end the trust in the old one", [[NEW], LAST_TRUSTED, NEW]],
  ];
  for (const [title, given] of accepted) {
    it(title, () => assert.deepEqual(problemsFor(...given), []));
  }
});
