import assert from "node:assert/strict";
import { DeploymentCheck } from "../../../../components/detector/deployment-check";
import { children, type RunOptions, runProgram } from "../run-program";

const ARGS = {
  functionName: "verifier",
  imageUri: "registry/verifier@sha256:1",
  settingsHash: "0a1b",
  permissions: '{"Statement":[]}',
};
const INVOCATION = "aws:lambda/invocation:Invocation";

function run(options?: RunOptions) {
  return runProgram(() => void new DeploymentCheck("check", ARGS), options);
}

/** A run in which the function gives an answer. */
const answered = (result: string, options: RunOptions = {}) =>
  run({ ...options, states: { [INVOCATION]: { result } } });

describe("DeploymentCheck", () => {
  it("calls the function again when its image, its settings or its permissions have changed", async () => {
    assert.deepEqual(children(await run()), [
      [
        "check-invocation",
        INVOCATION,
        {
          functionName: "verifier",
          input: { check: "deployment", settings: "0a1b" },
          triggers: { image: "registry/verifier@sha256:1", permissions: { Statement: [] } },
        },
      ],
    ]);
  });

  it("says nothing where all repositories can be read", async () => {
    assert.deepEqual((await run()).warnings, []);
  });

  it("warns of each repository that cannot be read, with the code, the reason and what to do", async () => {
    const warnings = [
      { repository: "registry.example.com/app", code: "registry-login-required", detail: "401\nfor \u202e you" },
      { repository: "registry.example.com/tool", code: "registry-unavailable", detail: "503" },
    ];

    const result = await answered(JSON.stringify({ warnings }));

    const again = /To ask again: pulumi up --replace 'urn:pulumi:\S+::check-invocation'$/;
    assert.equal(result.warnings.length, 2);
    for (const line of result.warnings) assert.match(line, again);
    assert.ok(
      result.warnings[0]?.startsWith(
        'The verifier cannot read "registry.example.com/app": registry-login-required, "401\\nfor \\u{202e} you". Add credentials for the registry to the trust document, or make the repository public. ',
      ),
      result.warnings[0],
    );
    assert.match(result.warnings[1] ?? "", /"registry.example.com\/tool": registry-unavailable, "503"\. Check whether/);
  });

  for (const answer of ["", "null", '{"warnings":"none"}', '{"errorMessage":"timed out"}']) {
    it(`warns once, and does not fail, where the answer is ${answer || "empty"}`, async () => {
      const { warnings } = await answered(answer);

      assert.equal(warnings.length, 1);
      assert.match(warnings[0] ?? "", /is not known whether .*: its answer was ".*"\. See its log\. To ask again/);
    });
  }

  it("warns of nothing in a preview, even where an earlier answer is known", async () => {
    assert.deepEqual((await run({ preview: true })).warnings, []);
    assert.deepEqual((await answered("null", { preview: true })).warnings, []);
  });
});
