import assert from "node:assert/strict";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { createLaunchMetrics, type LaunchMetrics } from "../../../../verifier/src/reporting/metrics";
import { RESPONSE_OUTCOMES } from "../../../../verifier/src/reporting/response-outcome";
import { recordWith } from "../../../support/launch";

/** One line in CloudWatch's embedded format. */
interface EmfLine {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

/** The lines that the action leads to. The library writes to standard output itself. */
function linesOf(action: (metrics: LaunchMetrics) => void): EmfLine[] {
  const written: string[] = [];
  const { write } = process.stdout;
  process.stdout.write = (chunk: string | Uint8Array) => written.push(String(chunk)) > 0;
  try {
    const metrics = new Metrics({
      namespace: "EcsImageVerification",
      serviceName: "ecs-image-verification",
      defaultDimensions: { environment: "prod" },
    });
    action(createLaunchMetrics(metrics));
    metrics.publishStoredMetrics();
  } finally {
    process.stdout.write = write;
  }
  return written.filter((line) => line.startsWith('{"_aws"')).map((line) => JSON.parse(line));
}

function namesIn(lines: readonly EmfLine[]): string[] {
  return lines.flatMap(({ _aws }) => _aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name)));
}

describe("the metrics", () => {
  it("count verdicts by status and code, in one set of dimensions", () => {
    const [line] = linesOf((metrics) => metrics.verdict(recordWith()));

    assert.deepEqual(line?._aws.CloudWatchMetrics[0]?.Dimensions, [["service", "environment", "status", "code"]]);
    const { Verdicts, environment, status, code } = line ?? {};
    assert.deepEqual([Verdicts, environment, status, code], [1, "prod", "denied", "no-signature"]);
  });

  it("count what is final and inconclusive, for an alarm", () => {
    const lines = linesOf((metrics) => metrics.verdict(recordWith({ code: "signer-unavailable" })));

    assert.deepEqual(namesIn(lines), ["Verdicts", "FinalInconclusive"]);
    assert.deepEqual(lines[1]?._aws.CloudWatchMetrics[0]?.Dimensions, [["service", "environment"]]);
  });

  const expected: Readonly<Record<(typeof RESPONSE_OUTCOMES)[number], readonly string[]>> = {
    none: [],
    audited: ["Audited"],
    stopped: ["Stopped", "Exposure"],
    "rolled-back-and-stopped": ["Stopped", "Exposure"],
    "stopped-first-deployment": ["Stopped", "Exposure"],
    "already-stopped": ["AlreadyStopped"],
    "budget-used-up": ["StopBudgetUsedUp"],
    "alert-only": ["AlertOnly"],
    "managed-daemon": ["ManagedDaemonDenied"],
    failed: ["ActionFailed"],
  };
  for (const outcome of RESPONSE_OUTCOMES) {
    it(`of the response ${outcome} are ${expected[outcome].join(" and ") || "none"}`, () => {
      assert.deepEqual(namesIn(linesOf((metrics) => metrics.response(outcome, 1234))), expected[outcome]);
    });
  }

  it("measure in milliseconds how long after its creation a task was judged and stopped", () => {
    const [line] = linesOf((metrics) => {
      metrics.launchJudged(800);
      metrics.response("stopped", 1234);
    });

    assert.deepEqual([line?.TimeToVerdict, line?.Exposure], [800, 1234]);
    const units = line?._aws.CloudWatchMetrics[0]?.Metrics.map(({ Name, Unit }) => `${Name} ${Unit}`);
    assert.deepEqual(units, ["TimeToVerdict Milliseconds", "Stopped Count", "Exposure Milliseconds"]);
  });

  it("count findings that are not sent, as many as there are", () => {
    const [line] = linesOf((metrics) => metrics.findingsUnsent(42));

    assert.equal(line?.FindingsUnsent, 42);
    assert.deepEqual(line?._aws.CloudWatchMetrics[0]?.Dimensions, [["service", "environment"]]);
  });

  it("count how often a verdict was known already, so that the average is the share of hits", () => {
    const [line] = linesOf((metrics) => {
      metrics.cacheAsked(true);
      metrics.cacheAsked(false);
    });

    assert.deepEqual(line?.VerdictCacheHits, [1, 0]);
    assert.deepEqual(line?._aws.CloudWatchMetrics[0]?.Dimensions, [["service", "environment"]]);
  });

  it("count what could not be reached", () => {
    const lines = linesOf((metrics) => {
      metrics.ledgerUnavailable();
      metrics.deliveryFailed();
    });

    assert.deepEqual(namesIn(lines), ["LedgerUnavailable", "DeliveryFailed"]);
  });
});
