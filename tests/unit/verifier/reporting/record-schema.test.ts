import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { toDeploymentRecord } from "../../../../verifier/src/gate/deployment-record";
import { chatText } from "../../../../verifier/src/reporting/chat-text";
import { RECORD_SCHEMA_FILE, recordJsonSchema } from "../../../../verifier/src/reporting/record-json-schema";
import { verdictRecordSchema } from "../../../../verifier/src/reporting/record-schema";
import {
  GATE_OUTCOMES,
  type GateOutcome,
  RESPONSE_OUTCOMES,
  SWEEP_OUTCOMES,
  type SweepOutcome,
} from "../../../../verifier/src/reporting/response-outcome";
import { toSweepRecord } from "../../../../verifier/src/sweep/sweep-record";
import type { SweptPlace } from "../../../../verifier/src/sweep/swept-image";
import { REASON_CODES, toStatus } from "../../../../verifier/src/verification/verdict";
import { testDetector, unsigned } from "../../../support/detector";
import { CLUSTER, DEPLOYMENT, REVISION, SERVICE, TASK_DEFINITION } from "../../../support/gate";
import { containerVerdict, launchOf, recordWith } from "../../../support/launch";
import { DIGEST, OTHER_DIGEST, runningEvent, TASK } from "../../../support/launch-events";
import { PROFILE_VERSION } from "../verification/facts";

const text = readFileSync(RECORD_SCHEMA_FILE, "utf8");
const schema = JSON.parse(text);
// `strictRequired` is for schemas whose parts stand by themselves; the conditions here speak of the properties above.
const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
addFormats(ajv);
const validate = ajv.compile(schema);

/** What is wrong with a record once it has been JSON. */
function problemsOf(record: object): string[] {
  validate(JSON.parse(JSON.stringify(record)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const FULL = {
  digest: `sha256:${"b".repeat(64)}`,
  profileVersion: PROFILE_VERSION,
  job: "arn:aws:signer:eu-west-1:111122223333:/signing-jobs/1",
  signingTime: "2026-06-01T00:00:00Z",
  expiry: "2037-09-01T00:00:00Z",
};

/** The record of a denied container, as the gate makes it. */
function deploymentRecord(outcome: GateOutcome) {
  const call = {
    stage: "PRE_SCALE_UP",
    deploymentArn: DEPLOYMENT,
    serviceArn: SERVICE,
    serviceName: "checkout",
    clusterArn: CLUSTER,
    revisionArn: REVISION,
    hookDetails: {},
  };
  const context = { environment: "prod", call, taskDefinitionArn: TASK_DEFINITION, mode: "enforce", outcome } as const;
  return toDeploymentRecord(containerVerdict(), { ...context, owner: "team-payments", now: new Date(0) });
}

describe("docs/image-verdict.schema.json", () => {
  it("is what the record's schema says", () => {
    assert.equal(text, recordJsonSchema(), "run: npm run docs:schema");
  });

  for (const code of REASON_CODES) {
    it(`describes the record of ${toStatus(code)} ${code}`, () => {
      assert.deepEqual(problemsOf(recordWith({ code })), []);
    });
  }

  for (const response of RESPONSE_OUTCOMES) {
    it(`describes the record of the response ${response}`, () => {
      const error = response === "failed" ? { responseError: "AccessDeniedException: not allowed" } : {};

      assert.deepEqual(problemsOf(recordWith({}, { response, ...error })), []);
    });
  }

  it("describes a record with everything there can be in it, and nothing else", () => {
    const context = {
      launch: launchOf({ group: "service:checkout" }),
      response: "failed",
      responseError: "x",
      tagMovedFrom: OTHER_DIGEST,
    } as const;
    const order = {
      id: "1",
      kind: "exempt",
      from: "2026-06-15T12:00:00.000Z",
      until: "2026-06-15T16:00:00.000Z",
      owner: "payments",
      reason: "hotfix",
    } as const;
    const without = { status: "denied", code: "no-signature", detail: "none" } as const;
    const record = {
      ...recordWith(
        { code: "signers-missing", signature: FULL, counted: [FULL], missing: ["approval"], order, without },
        context,
      ),
      count: 10,
      countedSince: "2026-06-15T12:00:01.500Z",
      chat: chatText(recordWith(), "/aws/lambda/verifier"),
    };

    assert.deepEqual(problemsOf(record), []);
    const ofOthers = ["deployment", "serviceRevision", "stage", "owner", "containers"];
    assert.deepEqual([...Object.keys(record), ...ofOthers].sort(), Object.keys(schema.properties).sort());
    assert.deepEqual(Object.keys(FULL).sort(), Object.keys(schema.properties.signature.properties).sort());
    assert.deepEqual(verdictRecordSchema.parse(record), record);
  });

  it("describes the record of a deployment, and keeps the fields of tasks and deployments apart", () => {
    // One that waits is in the log only.
    const outcomes = GATE_OUTCOMES.filter((outcome) => outcome !== "waiting");
    for (const outcome of outcomes) assert.deepEqual(problemsOf(deploymentRecord(outcome)), []);
    const record = deploymentRecord("refused");
    const { stage: _, ...withoutStage } = record;

    assert.notDeepEqual(problemsOf({ ...record, taskCreatedAt: "2026-06-15T12:00:00.000Z" }), []);
    assert.notDeepEqual(problemsOf(withoutStage), []);
    assert.notDeepEqual(problemsOf({ ...recordWith(), deployment: record.deployment }), []);
  });

  it("describes the record of a sweep, and keeps its fields apart", () => {
    const place: SweptPlace = {
      cluster: CLUSTER,
      group: "service:web",
      container: "web",
      containers: 12,
      task: {
        arn: TASK,
        taskDefinition: TASK_DEFINITION,
        launchType: "FARGATE",
        createdAt: "2026-06-15T12:00:00.000Z",
      },
    };
    const of = (outcome: SweepOutcome) =>
      toSweepRecord(place, containerVerdict({ code: "signature-revoked" }).verdict, {
        environment: "prod",
        mode: "enforce",
        outcome,
        now: new Date("2026-06-15T13:00:00Z"),
        ...(outcome === "failed" ? { error: "ServerException" } : {}),
      });

    for (const outcome of SWEEP_OUTCOMES) assert.deepEqual(problemsOf(of(outcome)), []);
    const { containers: _, ...withoutNumber } = of("stopped");
    assert.notDeepEqual(problemsOf(withoutNumber), []);
    assert.notDeepEqual(problemsOf({ ...of("stopped"), lastStatus: "RUNNING" }), []);
    assert.notDeepEqual(problemsOf({ ...recordWith(), containers: 1 }), []);
  });

  it("describes every field", () => {
    const described = [...Object.entries(schema.properties), ...Object.entries(schema.properties.signature.properties)];
    for (const [name, property] of described) {
      assert.ok((property as { description?: string }).description, `${name} has no description`);
    }
  });

  it("says where an image was judged and what the verdict is about, and lets later verifiers say something else", () => {
    const record = recordWith();

    assert.deepEqual([record.enforcementPoint, record.subject], ["launch", "task"]);
    assert.deepEqual(problemsOf({ ...record, enforcementPoint: "preview", subject: "task-definition" }), []);
  });

  it("lists the signatures that counted, and none of another, whatever decided it", () => {
    const trusted = recordWith({ code: "signature-valid", signature: FULL, counted: [FULL, FULL] });
    const denied = recordWith({ code: "signature-expired", signature: FULL });

    assert.deepEqual([trusted.signature, trusted.signatures], [FULL, [FULL, FULL]]);
    assert.deepEqual([denied.signature, denied.signatures], [FULL, []]);
    assert.deepEqual([...problemsOf(trusted), ...problemsOf(denied)], []);
  });

  it("describes the events that the detector puts", async () => {
    const detector = testDetector();
    detector.finds(() => unsigned());

    await detector.handle(
      runningEvent({
        containers: [
          { name: "web", imageDigest: DIGEST },
          { name: "aws-guardduty-agent-x", image: undefined },
        ] as never,
      }),
    );

    assert.equal(detector.seen.events.length, 2);
    assert.deepEqual(detector.seen.events.flatMap(problemsOf), []);
  });

  it("refuses a code of another status, an unknown field, a missing one, and an error of what did not fail", () => {
    const record = recordWith();
    const { task: _, ...without } = record;
    const { signatures: __, ...withoutSignatures } = record;
    for (const wrong of [
      { ...record, status: "trusted" },
      { ...record, more: 1 },
      without,
      withoutSignatures,
      { ...record, enforcementPoint: "" },
      { ...record, responseError: "x" },
      { ...record, response: "failed" },
      { ...record, final: false },
      { ...record, judgedAt: "yesterday" },
      { ...record, count: 0 },
      { ...record, countedSince: record.judgedAt },
      { ...record, count: 1 },
      { ...record, chat: chatText(record, "log") },
      { ...record, count: 1, chat: { ...chatText(record, "log"), why: "" } },
      { ...record, digest: "sha256:abc" },
    ]) {
      assert.notDeepEqual(problemsOf(wrong), [], JSON.stringify(wrong));
    }
  });
});
