import assert from "node:assert/strict";
import { type Acceptance, reportText, toResult } from "../../../acceptance/report";
import type { StepResult } from "../../../acceptance/step";

function result(id: string, outcome: StepResult["outcome"], changes: Partial<StepResult> = {}): StepResult {
  const step = { id, title: id, proves: `${id} works.`, needs: [], settles: [`fact-of-${id}`] };
  return { step, outcome, text: `${id} seen`, assumptions: {}, milliseconds: 61_400, ...changes };
}

const acceptance = (changes: Partial<Acceptance> = {}): Acceptance => ({
  stack: "acceptance-1a2b3c",
  account: "111122223333",
  region: "eu-west-1",
  cluster: "arn:aws:ecs:eu-west-1:111122223333:cluster/demo",
  begun: new Date("2026-06-15T12:00:00Z"),
  versions: { tool: "0.1.0", commit: "abc", node: "24.1.0", pulumi: "3.270.0", machine: "linux 6.1, arm64" },
  results: [result("deploy", "passed", { assumptions: { "fact-of-deploy": "It was so." } })],
  left: [],
  ...changes,
});

describe("acceptance: the report", () => {
  it("has date, place, versions, steps, assumptions and what is left", () => {
    assert.equal(
      reportText(acceptance()),
      `# Acceptance of ecs-image-verification on AWS

|  |  |
|---|---|
| Result | passed |
| Begun | 2026-06-15T12:00:00.000Z |
| Account | 111122223333 |
| Region | eu-west-1 |
| Cluster | arn:aws:ecs:eu-west-1:111122223333:cluster/demo |
| Stack | acceptance-1a2b3c |
| ecs-image-verification | 0.1.0, commit abc |
| Node.js | 24.1.0 |
| Pulumi CLI | 3.270.0 |
| Machine | linux 6.1, arm64 |

## Steps

| step | proves | result | time | seen |
|---|---|---|---|---|
| deploy | deploy works. | passed | 1 min 1 s | deploy seen |

## Assumptions

What docs/assumptions.md assumes about AWS, and what was observed.

| assumption | step | seen |
|---|---|---|
| \`fact-of-deploy\` | deploy | It was so. |

## Left over

Nothing.
`,
    );
  });

  it("says of a step that did not go well that nothing was seen of its assumptions", () => {
    const text = reportText(acceptance({ results: [result("samples", "failed"), result("revocation", "left-out")] }));

    assert.match(text, /^\| `fact-of-samples` \| samples \| nothing: the step failed \|$/m);
    assert.match(text, /^\| `fact-of-revocation` \| revocation \| nothing: the step was left out \|$/m);
  });

  it("keeps errors of several lines, and those with a bar, in their cell", () => {
    const text = reportText(acceptance({ results: [result("deploy", "failed", { text: "one\n  a | b\n" })] }));

    assert.match(text, /\| one<br>a \\\| b \|$/m);
  });

  it("says what is left, and how to remove it", () => {
    const left = [{ what: "the stack x", byHand: "destroy x", remove: async () => {} }];

    assert.match(reportText(acceptance({ left })), /^\* the stack x\. To remove it: `destroy x`$/m);
  });

  const cases: readonly (readonly [string, readonly StepResult["outcome"][], boolean, string])[] = [
    ["every step passed", ["passed", "passed"], false, "passed"],
    ["a step failed", ["passed", "failed", "left-out", "passed"], false, "failed"],
    ["it was interrupted and taken down", ["interrupted", "left-out", "passed"], false, "interrupted"],
    ["something is left", ["passed"], true, "failed"],
  ];
  for (const [name, outcomes, isLeft, expected] of cases) {
    it(`its result where ${name}: ${expected}`, () => {
      const results = outcomes.map((outcome) => result("a", outcome));
      const left = isLeft ? [{ what: "x", byHand: "x", remove: async () => {} }] : [];

      assert.equal(toResult({ results, left }), expected);
    });
  }
});
