import assert from "node:assert/strict";
import fc from "fast-check";
import { toFindingBody } from "../../../../verifier/src/findings/finding-body";
import type { FindingFacts } from "../../../../verifier/src/findings/finding-facts";
import { seenAgain, toAsff } from "../../../../verifier/src/findings/known-finding";
import { nextStep } from "../../../../verifier/src/reporting/next-step";
import { isBad, REASON_CODES, type ReasonCode, toStatus } from "../../../../verifier/src/verification/verdict";
import { anyCharacter } from "../../../support/any-character";
import { CONTEXT, findingFacts } from "../../../support/findings";
import { CLUSTER, DIGEST, IMAGE, TASK, TASK_DEFINITION } from "../../../support/launch-events";
import { assertValid } from "../../../support/security-hub";

const BAD_CODES = REASON_CODES.filter((code) => isBad(toStatus(code)));
const bodyOf = (changes: Partial<FindingFacts> = {}, context = CONTEXT) =>
  toFindingBody(findingFacts(changes), context);

/** As Security Hub gets it. */
function asffOf(facts: FindingFacts) {
  const body = toFindingBody(facts, CONTEXT);
  const known = seenAgain(undefined, { id: body.Id ?? "", body, cluster: CLUSTER, image: "" }, "launch", 0);
  return toAsff(known ?? assert.fail("not seen"));
}

/** The facts of a verdict with this code. */
function factsWith(code: ReasonCode): Partial<FindingFacts> {
  const status = toStatus(code);
  return { code, status: isBad(status) ? status : assert.fail(`${code} makes no finding`) };
}

describe("the body of a finding", () => {
  const severities: readonly (readonly [ReasonCode, enforce: string, audit: string, compliance: string])[] = [
    ["no-signature", "HIGH", "MEDIUM", "FAILED"],
    ["identity-not-trusted", "HIGH", "MEDIUM", "FAILED"],
    ["registry-not-allowed", "HIGH", "MEDIUM", "FAILED"],
    ["signature-revoked", "CRITICAL", "HIGH", "FAILED"],
    ["digest-blocked", "CRITICAL", "HIGH", "FAILED"],
    ["signer-unavailable", "LOW", "LOW", "WARNING"],
    ["verifier-failed", "LOW", "LOW", "WARNING"],
  ];
  for (const [code, enforce, audit, compliance] of severities) {
    it(`is ${enforce} for ${code} where the environment enforces, ${audit} where it audits, and ${compliance}`, () => {
      const labels = (["enforce", "audit"] as const).map(
        (mode) => bodyOf(factsWith(code), { ...CONTEXT, mode }).FindingProviderFields?.Severity?.Label,
      );

      assert.deepEqual(labels, [enforce, audit]);
      assert.equal(bodyOf(factsWith(code)).Compliance?.Status, compliance);
    });
  }

  it("names the service, the task definition, a task and the container with its image", () => {
    const resources = bodyOf().Resources?.map(({ Type, Id, Details }) => [Type, Id, Details]);

    const service = "arn:aws:ecs:eu-west-1:111122223333:service/orders/shop";
    const task = { ClusterArn: CLUSTER, TaskDefinitionArn: TASK_DEFINITION, Group: "service:shop" };
    assert.deepEqual(resources, [
      [
        "AwsEcsService",
        service,
        { AwsEcsService: { Cluster: CLUSTER, Name: "shop", TaskDefinition: TASK_DEFINITION } },
      ],
      ["AwsEcsTaskDefinition", TASK_DEFINITION, { AwsEcsTaskDefinition: { Family: "worker" } }],
      ["AwsEcsTask", TASK, { AwsEcsTask: task }],
      [
        "Container",
        `${IMAGE}@${DIGEST}`,
        { Container: { Name: "web", ImageId: DIGEST, ImageName: `${IMAGE}@${DIGEST}` } },
      ],
    ]);
  });

  it("names no service where there is none", () => {
    const types = bodyOf({ group: "family:worker" }).Resources?.map(({ Type }) => Type);

    assert.deepEqual(types, ["AwsEcsTaskDefinition", "AwsEcsTask", "Container"]);
  });

  it("says for each code what to do, and links to the section of the runbook where it has an address", () => {
    for (const code of BAD_CODES) {
      const [plain, linked] = [CONTEXT, { ...CONTEXT, runbookUrl: "https://wiki.example/runbook" }].map(
        (context) => bodyOf(factsWith(code), context).Remediation?.Recommendation,
      );

      assert.deepEqual(plain, { Text: `${nextStep(code)} Runbook: docs/runbook.md#${code}` });
      assert.equal(linked?.Url, `https://wiki.example/runbook#${code}`);
    }
  });

  it("has what people filter by as product fields", () => {
    const signer = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/other/abc";

    assert.deepEqual(bodyOf({ code: "identity-not-trusted", signers: [signer] }).ProductFields, {
      "ecs-image-verification/environment": "prod",
      "ecs-image-verification/mode": "enforce",
      "ecs-image-verification/status": "denied",
      "ecs-image-verification/code": "identity-not-trusted",
      "ecs-image-verification/cluster": CLUSTER,
      "ecs-image-verification/service": "shop",
      "ecs-image-verification/container": "web",
      "ecs-image-verification/image": `${IMAGE}@${DIGEST}`,
      "ecs-image-verification/digest": DIGEST,
      "ecs-image-verification/signers": signer,
      "ecs-image-verification/task": TASK,
    });
  });

  it("names no signer whom the signature does not prove", () => {
    const fields = bodyOf({ code: "signature-invalid", signers: ["arn:aws:signer:x:y:/signing-profiles/release"] });

    assert.equal(fields.ProductFields?.["ecs-image-verification/signers"], undefined);
  });

  it("goes to the default product of its own account, in another partition too", () => {
    const trust = { partition: "aws-us-gov", account: "444455556666", region: "us-gov-west-1" } as const;

    const body = bodyOf({}, { ...CONTEXT, trust });

    const product = "arn:aws-us-gov:securityhub:us-gov-west-1:444455556666:product/444455556666/default";
    assert.deepEqual([body.AwsAccountId, body.ProductArn], ["444455556666", product]);
  });

  it("has a title without the words of others, and the reason in its description", () => {
    const body = bodyOf({ container: "web", reference: "evil", detail: "because" });

    assert.equal(body.Title, "Container image is denied: no-signature");
    assert.equal(
      body.Description,
      "Container web of service shop in cluster orders has the image evil. Verdict: denied (no-signature). because",
    );
  });

  it("keeps the reason where names are long", () => {
    const long = "x".repeat(5000);

    const body = bodyOf({ container: long, reference: long, group: `service:${long}`, detail: "the reason" });

    assert.match(body.Description ?? "", /Verdict: denied \(no-signature\)\. the reason$/);
  });

  it("keeps to the limits of Security Hub, whatever others have written", () => {
    const hostile = fc.oneof(
      fc.constant(""),
      fc.string({ unit: anyCharacter, maxLength: 3000 }),
      fc.string({ unit: fc.constantFrom("\u202e", "\n", "\u0000", "\ud800", "é", "𝄞", " ", "x"), maxLength: 4000 }),
      fc.constantFrom("x".repeat(100_000), "\u{1f600}".repeat(3000), "\ud83d".repeat(600)),
    );
    const facts = fc.record({
      group: fc.oneof(
        hostile,
        hostile.map((name) => `service:${name}`),
      ),
      container: hostile,
      reference: hostile,
      detail: hostile,
      signers: fc.array(hostile, { maxLength: 20 }),
      code: fc.constantFrom(...BAD_CODES),
    });
    fc.assert(
      fc.property(facts, ({ code, ...others }) => {
        assertValid(asffOf(findingFacts({ ...others, ...factsWith(code) })));
      }),
      { numRuns: 300 },
    );
  });
});
