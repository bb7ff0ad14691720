import assert from "node:assert/strict";
import { sampleVerdict, toOutcome } from "../../../automation/operations/sample-outcome";
import { explainFailure } from "../../../automation/operations/sample-run";
import { verdictRecord } from "../../../automation/operations/verdict-record";
import { recordWith } from "../../support/launch";

const record = (...given: Parameters<typeof recordWith>) => verdictRecord.parse(recordWith(...given));

describe("the outcome of the sample", () => {
  const unexpected = [
    ["signed", record(), /but it should be trusted\. Why: the registry lists no signature/],
    ["unsigned", record({ code: "signature-valid" }), /but it should be denied, no-signature/],
    ["unsigned", record({ code: "registry-not-allowed" }), /but it should be denied, no-signature/],
    [
      "unsigned",
      record({}, { response: "failed", responseError: "AccessDenied" }),
      /Response: failed \(AccessDenied\)\./,
    ],
  ] as const;
  for (const [sample, verdict, text] of unexpected) {
    it(`is not expected: ${sample}, ${verdict.code}, ${verdict.response}`, () => {
      const outcome = toOutcome(sample, verdict);

      assert.equal(outcome.expected, false);
      assert.match(outcome.text, text);
    });
  }

  it("goes by the last final verdict on the sample's own container", () => {
    const own = record({}, { container: "sample" });
    const others = [
      record({}, { container: "sample", final: false }),
      record({}, { container: "aws-guardduty-agent-abc" }),
    ];

    assert.equal(sampleVerdict([own, ...others]), own);
    assert.equal(sampleVerdict(others), undefined);
  });
});

describe("why ECS starts no task", () => {
  it("is said with what to do", () => {
    const failure = { reason: "RESOURCE:MEMORY", arn: "arn:aws:ecs:eu-west-1:111122223333:container-instance/a" };

    assert.match(
      explainFailure(failure),
      /^RESOURCE:MEMORY of arn:.*: no container instance .* --launch-type FARGATE$/,
    );
  });

  it("is said as it is if it is not known", () => {
    assert.equal(explainFailure({ reason: "NEW", detail: "it is new" }), "NEW (it is new)");
  });
});
