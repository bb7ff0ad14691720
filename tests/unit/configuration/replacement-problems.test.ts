import assert from "node:assert/strict";
import { replacementProblems } from "../../../configuration/replacement-problems";
import { parseTrustDocument } from "../../../trust/document";
import { read } from "./support";

const OLD = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/old";
const NEW = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/new";
const LAST = { region: "eu-west-1", signingProfileArn: OLD, signingProfileVersionArn: `${OLD}/Ab3dEf6hIj` };
const ELSEWHERE = { region: "eu-west-1", signingProfileArn: OLD };

function trusting(...identities: readonly string[]) {
  return parseTrustDocument({
    registries: ["self"],
    statements: [{ name: "release", repositories: ["*"], identities }],
  });
}

describe("what a deployed stack must not become", () => {
  const cases: readonly (readonly [string, Parameters<typeof replacementProblems>, readonly string[]])[] = [
    ["the first deployment may be anything", [{}, read(), trusting("self")], []],
    ["the same again", [LAST, read(), trusting("self")], []],
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
        replacementProblems(...given).map(({ key }) => key),
        expected,
      );
    });
  }
});
