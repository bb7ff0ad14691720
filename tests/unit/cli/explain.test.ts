import assert from "node:assert/strict";
import { readExplanations } from "../../../cli/explain/explanation";
import { nextStep } from "../../../verifier/src/reporting/next-step";
import { REASON_CODES, toStatus } from "../../../verifier/src/verification/verdict";
import { callHere } from "./call-here";

const run = (...words: readonly string[]) => callHere(".", "explain", ...words);

describe("explain", () => {
  it("has all of the runbook's parts for every code, without Markdown", async () => {
    const explanations = await readExplanations(REASON_CODES);

    assert.deepEqual(
      explanations.map(({ code }) => code),
      REASON_CODES,
    );
    for (const { code, means, look, do: does, wake } of explanations) {
      for (const text of [means, look, does, wake]) {
        assert.match(text, /^[A-Z`].*[.?]$/, `${code}: ${text}`);
        assert.doesNotMatch(text, /\*\*|\]\(|\n|^See docs\/runbook/, code);
      }
    }
  });

  it("explains one code in a few lines", async () => {
    const { code, stdout, stderr } = await run("no-signature");

    assert.match(
      stdout,
      /^no-signature \(denied\)\n {2}means {4}The registry answered.*\n {2}look at {2}`ecs-image-verification inspect.*\n {2}do {7}If.*\n {2}wake {5}If.*\n {2}more {5}docs\/runbook\.md#no-signature, docs\/verdicts\.md\n$/,
    );
    assert.deepEqual([code, stderr], [0, ""]);
  });

  it("explains one code as JSON, with the next step that messages name", async () => {
    const { stdout } = await run("signature-revoked", "--json");

    const answer = JSON.parse(stdout);
    assert.deepEqual(Object.keys(answer), ["code", "status", "means", "next", "look", "do", "wake", "runbook"]);
    assert.deepEqual([answer.status, answer.next], ["denied", nextStep("signature-revoked")]);
  });

  it("lists all codes with their status without an argument, as a table or as JSON lines", async () => {
    const table = await run();
    const json = await run("--json");

    const rows = table.stdout.trimEnd().split("\n").slice(1);
    assert.deepEqual(
      rows.map((row) => row.split(/\s+/).slice(0, 2)),
      REASON_CODES.map((code) => [code, toStatus(code)]),
    );
    assert.equal(
      json.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).code)
        .join(),
      REASON_CODES.join(),
    );
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ["no-signatures", /^"no-signatures" is not a reason code\. Did you mean no-signature\?\n$/],
    ["REGISTRY_UNAVAILABLE", /Did you mean registry-unavailable\?/],
    ["unsigned", /Did you mean no-signature\?/],
    ["exempt", /It is a status\. Its codes: exempted, aws-injected\.\n$/],
    ["whatever-this-is-not-one", /Without a code, `explain` lists them all\.\n$/],
  ];
  for (const [word, says] of refused) {
    it(`refuses ${word}, and says what may be meant`, async () => {
      const { code, stdout, stderr } = await run(word);

      assert.match(stderr, says);
      assert.deepEqual([code, stdout], [64, ""]);
    });
  }
});
