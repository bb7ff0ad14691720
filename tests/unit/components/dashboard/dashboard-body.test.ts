import assert from "node:assert/strict";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { type DashboardFacts, dashboardBody } from "../../../../components/dashboard/dashboard-body";
import { createCanaryMetrics } from "../../../../verifier/src/canary/metrics";
import { createKeeperMetrics } from "../../../../verifier/src/gate/keeper/metrics";
import { createGateMetrics } from "../../../../verifier/src/gate/metrics";
import { createLaunchMetrics } from "../../../../verifier/src/reporting/metrics";
import { METRIC_NAMESPACE } from "../../../../verifier/src/reporting/public-names";
import { GATE_OUTCOMES, RESPONSE_OUTCOMES } from "../../../../verifier/src/reporting/response-outcome";
import { createSweepMetrics } from "../../../../verifier/src/sweep/metrics";
import type { SweepSummary } from "../../../../verifier/src/sweep/sweep-summary";
import { recordWith } from "../../../support/launch";
import { writtenLines } from "../../../support/written-lines";

const FACTS: DashboardFacts = {
  environment: "prod",
  region: "eu-west-1",
  functions: [
    { title: "launch verifier", functionName: "verifier" },
    { title: "gate", functionName: "gate" },
  ],
  queues: [{ title: "failure queue", queueName: "failures" }],
  logGroup: "/verifier-log",
  logsQuery: "https://console.example/logs",
  alarmArns: ["arn:alarm:one", "arn:alarm:two"],
  hasGate: true,
  hasCanary: false,
  hasSweep: false,
  runbook: "https://wiki.example.com/runbook",
};

const SUMMARY: SweepSummary = {
  run: "2026-06-15T12:00:00Z",
  finishedAt: "2026-06-15T12:05:00Z",
  clusters: 1,
  tasks: 1,
  containers: 1,
  judged: 1,
  images: 1,
  byCode: [{ status: "denied", code: "no-signature", images: 1, containers: 1 }],
  newlyDenied: 1,
  newlyRevokedOrExpired: 0,
  endingSoon: 0,
  exempted: 0,
  exemptionsEnding: 0,
  neverLaunched: 0,
  unread: [],
};

/** A metric with the names of its dimensions, as one text. */
const signature = (name: string, dimensions: readonly string[]) => `${name} ${[...dimensions].sort().join(",")}`;

/** Every metric that the functions write, by the lines that they really write. */
function writtenMetrics(): ReadonlySet<string> {
  const lines = writtenLines(() => {
    const metrics = new Metrics({
      namespace: METRIC_NAMESPACE,
      serviceName: "ecs-image-verification",
      defaultDimensions: { environment: "prod" },
    });
    const launches = createLaunchMetrics(metrics);
    launches.verdict(recordWith({ code: "signer-unavailable" }));
    for (const outcome of RESPONSE_OUTCOMES) launches.response(outcome, 1);
    launches.launchJudged(1);
    launches.cacheAsked(true);
    launches.deliveryFailed();
    launches.ledgerUnavailable();
    launches.orderRefused();
    launches.ordersUnavailable();
    const gate = createGateMetrics(metrics);
    for (const outcome of GATE_OUTCOMES) gate.answered(outcome, 1);
    gate.failed();
    const keeper = createKeeperMetrics(metrics);
    keeper.counted(1, new Map([["later", 1]]));
    keeper.keeperFailed();
    const canary = createCanaryMetrics(metrics);
    canary.denied();
    canary.missed();
    createSweepMetrics(metrics).finished(SUMMARY);
    metrics.publishStoredMetrics();
  });
  return new Set(
    lines.flatMap(({ _aws }) =>
      (_aws as Emf).CloudWatchMetrics.flatMap(({ Dimensions, Metrics: names }) =>
        names.flatMap(({ Name }) => Dimensions.map((dimensions) => signature(Name, dimensions))),
      ),
    ),
  );
}

/** The part of a line in CloudWatch's embedded format that says what is a metric. */
interface Emf {
  readonly CloudWatchMetrics: readonly {
    readonly Dimensions: readonly (readonly string[])[];
    readonly Metrics: readonly { readonly Name: string }[];
  }[];
}

type Shown = ReturnType<typeof dashboardBody>["widgets"][number];

function linesOf(widgets: readonly Shown[]): readonly (readonly unknown[])[] {
  return widgets.flatMap(({ type, properties }) =>
    type === "metric" ? (properties.metrics as readonly (readonly unknown[])[]) : [],
  );
}

/** What a graph shows of our namespace: the metrics that it names, and those that it searches. */
function shownMetrics(facts: DashboardFacts): readonly string[] {
  return linesOf(dashboardBody(facts).widgets).flatMap((line) => {
    const [first, name, ...rest] = line;
    if (first === METRIC_NAMESPACE) {
      const dimensions = rest.slice(0, -1).filter((_, index) => index % 2 === 0);
      return [signature(String(name), dimensions.map(String))];
    }
    const { expression = "" } = (typeof first === "object" ? first : {}) as { expression?: string };
    return [...expression.matchAll(/SEARCH\('\{([^}]+)\} MetricName="(\w+)"/g)].map(
      ([, schema = "", searched = ""]) => {
        const [namespace, ...dimensions] = schema.split(",");
        assert.equal(namespace, METRIC_NAMESPACE);
        return signature(searched, dimensions);
      },
    );
  });
}

const titles = (facts: DashboardFacts) => dashboardBody(facts).widgets.map(({ properties }) => properties.title);

describe("the body of the dashboard", () => {
  it("shows only metrics that the functions write, with exactly the dimensions that they write", () => {
    const written = writtenMetrics();

    const shown = shownMetrics({ ...FACTS, hasCanary: true, hasSweep: true });

    assert.deepEqual(
      shown.filter((one) => !written.has(one)),
      [],
    );
    assert.ok(shown.includes(signature("Verdicts", ["service", "environment", "status", "code"])));
    assert.ok(shown.includes(signature("Exposure", ["service", "environment"])));
  });

  it("searches in one environment and service only", () => {
    const expressions = linesOf(dashboardBody({ ...FACTS, hasSweep: true }).widgets).flatMap(([first]) =>
      typeof first === "object" ? String((first as { readonly expression: string }).expression) : [],
    );

    assert.ok(expressions.length > 10);
    for (const expression of expressions) {
      assert.match(expression, / service="ecs-image-verification" environment="prod"/);
    }
  });

  it("shows denials and what is inconclusive by code, each named by its status and code", () => {
    const graph = dashboardBody(FACTS).widgets.find(
      ({ properties }) => properties.title === "Denied and inconclusive, by code",
    );

    assert.deepEqual(graph?.properties.metrics, [
      [
        {
          expression:
            'SEARCH(\'{EcsImageVerification,service,environment,status,code} MetricName="Verdicts" service="ecs-image-verification" environment="prod" status="denied"\', \'Sum\')',
          label: `\${PROP('Dim.status')} \${PROP('Dim.code')}`,
        },
      ],
      [
        {
          expression:
            'SEARCH(\'{EcsImageVerification,service,environment,status,code} MetricName="Verdicts" service="ecs-image-verification" environment="prod" status="inconclusive"\', \'Sum\')',
          label: `\${PROP('Dim.status')} \${PROP('Dim.code')}`,
        },
      ],
    ]);
  });

  it("shows the failures of each function, and what is in each queue", () => {
    const lines = linesOf(dashboardBody(FACTS).widgets);

    const named = (metric: string) =>
      lines.filter(([namespace, name]) => `${namespace} ${name}` === metric).map(([, , , name]) => name);
    assert.deepEqual(named("AWS/Lambda Errors"), ["verifier", "gate"]);
    assert.deepEqual(named("AWS/Lambda Throttles"), ["verifier", "gate"]);
    assert.deepEqual(named("AWS/SQS ApproximateNumberOfMessagesVisible"), ["failures"]);
  });

  it("has the graphs of the gate, the sweep and the canary only where these are there", () => {
    const whole = titles({ ...FACTS, hasCanary: true, hasSweep: true });
    const bare = titles({ ...FACTS, hasGate: false });

    for (const title of ["Answers of the deployment gate", "Running containers, by status", "Canary: unsigned task"]) {
      assert.ok(whole.includes(title), title);
      assert.ok(!bare.includes(title), title);
    }
  });

  it("shows every alarm, up to the hundred that CloudWatch shows in a widget", () => {
    const alarmArns = Array.from({ length: 120 }, (_, index) => `arn:alarm:${index}`);

    const [few, many] = [FACTS, { ...FACTS, alarmArns }].map(
      (facts) => dashboardBody(facts).widgets.find(({ type }) => type === "alarm")?.properties.alarms,
    );

    assert.deepEqual(few, ["arn:alarm:one", "arn:alarm:two"]);
    assert.equal((many as readonly string[]).length, 100);
  });

  it("links to the runbook and the log, and names the runbook's path where it has no address", () => {
    const textOf = (facts: DashboardFacts) =>
      String(dashboardBody(facts).widgets.find(({ type }) => type === "text")?.properties.markdown);

    assert.match(textOf(FACTS), /\[Runbook\]\(https:\/\/wiki\.example\.com\/runbook\)/);
    assert.match(textOf(FACTS), /\[Verdicts in the log\]\(https:\/\/console\.example\/logs\)/);
    assert.match(textOf({ ...FACTS, runbook: "docs/runbook.md" }), /Runbook: `docs\/runbook\.md`/);
  });

  it("puts no widget over another, and none outside of the grid of 24 columns", () => {
    const { widgets } = dashboardBody({ ...FACTS, hasCanary: true, hasSweep: true });

    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, index) => `${x + (index % width)},${y + Math.floor(index / width)}`),
    );
    assert.equal(new Set(cells).size, cells.length);
    assert.ok(widgets.every(({ x, width }) => x + width <= 24));
  });
});
