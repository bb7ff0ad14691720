import assert from "node:assert/strict";
import { checkPlainWords, withoutPipelineCommands } from "../../../cli/lib/log-safety";

describe("the log of a pipeline", () => {
  it("gets no command of GitHub Actions or Azure Pipelines from a text of others", () => {
    assert.equal(withoutPipelineCommands("by arn:x ##[stop-commands]tok"), "by arn:x #\\u0023[stop-commands]tok");
    assert.equal(withoutPipelineCommands("##vso[task.setvariable]"), "#\\u0023vso[task.setvariable]");
    assert.equal(withoutPipelineCommands("## A heading"), "## A heading");
  });

  it("gets the same text in JSON", () => {
    const value = { reason: "a ##[add-mask]b" };

    assert.deepEqual(JSON.parse(withoutPipelineCommands(JSON.stringify(value))), value);
  });

  it("gets no lines of its own from names of files, stacks and options", () => {
    for (const word of ["bad\n::stop-commands::t.yaml", "--x\r::add-mask::e", "a\u001b]0;title\u0007", "a\u2028b"]) {
      assert.throws(() => checkPlainWords(["trust", "check", word]), {
        name: "UsageError",
        message: /^"[^\n]*" has a line break or another control character\./,
      });
    }
    checkPlainWords(["verify", "registry.example.com/app:v1", "--trust", "träume.yaml"]);
  });
});
