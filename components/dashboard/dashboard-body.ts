import { STATUSES, type Status } from "../../verifier/src/verification/verdict";
import { COMMAND_LINE } from "../commands";
import { NOT_TRUSTED_QUERY } from "./saved-queries";
import { found, graph, type Line, layOut, ofAws, own, type Row, searchFor, sumOf, type Widget } from "./widgets";

/** What there is to show of an environment. */
export interface DashboardFacts {
  readonly environment: string;
  readonly region: string;
  /** The functions, with what people call them. */
  readonly functions: readonly { readonly title: string; readonly functionName: string }[];
  /** The queues in which something waits or should not be. */
  readonly queues: readonly { readonly title: string; readonly queueName: string }[];
  /** Name of the log group with the verdicts on launches. */
  readonly logGroup: string;
  /** Address of the query for the verdicts. */
  readonly logsQuery: string;
  readonly alarmArns: readonly string[];
  readonly hasGate: boolean;
  readonly hasCanary: boolean;
  readonly hasSweep: boolean;
  /** Where people read what to do: a URL, or the path of the page. */
  readonly runbook: string;
}

/** How many alarms an alarm widget shows (CloudWatch API reference, "Alarm widget object"). */
const MOST_ALARMS = 100;

const BY_CODE = ["status", "code"] as const;

const COLOURS: Readonly<Record<Status, string>> = {
  trusted: "#2ca02c",
  denied: "#d62728",
  inconclusive: "#ff7f0e",
  exempt: "#1f77b4",
};

/** The body of an environment's dashboard in CloudWatch, as its API takes it in JSON. */
export function dashboardBody(facts: DashboardFacts) {
  const rows: readonly Row[] = [
    { height: 3, widgets: [links(facts)] },
    { height: 3, widgets: [alarms(facts)] },
    launches(facts),
    responses(facts),
    ...(facts.hasGate ? [gate(facts)] : []),
    ...(facts.hasSweep ? [running(facts), sweep(facts)] : []),
    health(facts),
    { height: 8, widgets: [notTrusted(facts)] },
  ];
  return { start: "-PT24H", widgets: layOut(rows) };
}

function links({ environment, runbook, logsQuery }: DashboardFacts): Widget {
  const page = runbook.startsWith("https://") ? `[Runbook](${runbook})` : `Runbook: \`${runbook}\``;
  const markdown = [
    `## Image verification: ${environment}`,
    `${page} · [Verdicts in the log](${logsQuery}) · saved queries in Logs Insights: \`ecs-image-verification/${environment}\``,
    "",
    `What runs, and whether it is trusted: \`${COMMAND_LINE} report --stack STACK\``,
  ].join("\n");
  return { type: "text", properties: { markdown } };
}

function alarms({ alarmArns }: DashboardFacts): Widget {
  return { type: "alarm", properties: { title: "Alarms", alarms: alarmArns.slice(0, MOST_ALARMS) } };
}

function launches({ environment, region }: DashboardFacts): Row {
  const verdicts = (only: Readonly<Record<string, string>>) =>
    searchFor(environment, "Verdicts", { dimensions: BY_CODE, only });
  const percentiles = ["p50", "p90", "p99"].map((stat) => own(environment, "TimeToVerdict", { stat, label: stat }));
  return {
    height: 6,
    widgets: [
      graph(
        region,
        "Verdicts on launches, by status",
        STATUSES.map((status) => sumOf(verdicts({ status }), status, COLOURS[status])),
        { stacked: true },
      ),
      graph(
        region,
        "Denied and inconclusive, by code",
        (["denied", "inconclusive"] as const).map((status) => found(verdicts({ status }), BY_CODE)),
      ),
      graph(region, "Time to verdict", percentiles, { unit: "ms since the task was created" }),
    ],
  };
}

function responses({ environment, region, hasCanary }: DashboardFacts): Row {
  const count = (name: string, label: string) => own(environment, name, { label });
  return {
    height: 6,
    widgets: [
      graph(
        region,
        "Exposure of stopped tasks",
        ["p50", "p90", "Maximum"].map((stat) => own(environment, "Exposure", { stat, label: stat })),
        { unit: "ms since the task was created" },
      ),
      graph(region, "What was done about denied tasks", [
        count("Stopped", "stopped"),
        count("AlreadyStopped", "had ended"),
        count("Audited", "audited only"),
        count("AlertOnly", "alert only"),
        count("StopBudgetUsedUp", "stop waits for the budget"),
        count("ManagedDaemonDenied", "managed daemon, runs on"),
        count("ActionFailed", "failed"),
      ]),
      graph(
        region,
        "Verdicts that were known already",
        [own(environment, "VerdictCacheHits", { label: "share of the images asked for" })],
        { stat: "Average" },
      ),
      ...(hasCanary
        ? [
            graph(region, "Canary: unsigned task", [
              count("CanaryDenied", "denied in time"),
              count("CanaryMissed", "not denied in time"),
            ]),
          ]
        : []),
    ],
  };
}

function gate({ environment, region }: DashboardFacts): Row {
  const count = (name: string, label: string) => own(environment, name, { label });
  const services = (name: string, label: string) => own(environment, name, { label, stat: "Maximum" });
  return {
    height: 6,
    widgets: [
      graph(region, "Answers of the deployment gate", [
        count("GateRefused", "refused"),
        count("GateAudited", "audited only"),
        count("GateAlreadyRunning", "runs already, let through"),
        count("GateOpened", "opened, let through"),
        count("GateWaiting", "asked to call again"),
        count("GateError", "could not judge"),
      ]),
      graph(
        region,
        "Time to answer",
        ["p50", "p99"].map((stat) => own(environment, "TimeToAnswer", { stat, label: stat })),
        { unit: "ms" },
      ),
      graph(
        region,
        "Services with the gate",
        [
          services("ServicesGated", "with the gate"),
          services("ServicesNotGated", "without, or another one"),
          found(searchFor(environment, "ServicesNotGated", { dimensions: ["reason"], stat: "Maximum" }), ["reason"]),
        ],
        { stat: "Maximum" },
      ),
    ],
  };
}

function running({ environment, region }: DashboardFacts): Row {
  const containers = (only: Readonly<Record<string, string>>) =>
    searchFor(environment, "RunningContainers", { dimensions: BY_CODE, only, stat: "Maximum" });
  const worst = (name: string, label: string) => own(environment, name, { label, stat: "Maximum" });
  return {
    height: 6,
    widgets: [
      graph(
        region,
        "Running containers, by status",
        STATUSES.map((status) => sumOf(containers({ status }), status, COLOURS[status])),
        { stacked: true },
      ),
      graph(
        region,
        "Running and not trusted, by code",
        (["denied", "inconclusive"] as const).map((status) => found(containers({ status }), BY_CODE)),
      ),
      graph(
        region,
        "Found by the sweep",
        [
          worst("NewlyDenied", "newly denied"),
          worst("NewlyRevokedOrExpired", "newly revoked or expired"),
          worst("NeverLaunched", "launch was never judged"),
          worst("SignaturesEndingSoon", "signatures end soon"),
          worst("ExemptionsInUse", "exemptions in use"),
          worst("ExemptionsEnding", "exemptions end soon"),
        ],
        { stat: "Maximum" },
      ),
    ],
  };
}

function sweep({ environment, region }: DashboardFacts): Row {
  return {
    height: 4,
    widgets: [
      graph(
        region,
        "Coverage of the sweep",
        [own(environment, "SweepCoverage", { label: "judged", stat: "Minimum" })],
        { stat: "Minimum", unit: "%" },
      ),
      graph(
        region,
        "Containers that the sweep could not judge",
        [own(environment, "ContainersNotJudged", { label: "not judged", stat: "Maximum" })],
        { stat: "Maximum" },
      ),
      graph(region, "Sweeps that finished", [own(environment, "SweepFinished", { label: "finished" })]),
    ],
  };
}

function health({ environment, region, functions, queues }: DashboardFacts): Row {
  const calls = (metric: string, what: string): readonly Line[] =>
    functions.map(({ title, functionName }) =>
      ofAws("AWS/Lambda", metric, ["FunctionName", functionName], `${title}: ${what}`),
    );
  const count = (name: string, label: string) => own(environment, name, { label });
  return {
    height: 6,
    widgets: [
      graph(region, "Failed calls of the functions", [
        ...calls("Errors", "errors"),
        ...calls("Throttles", "throttles"),
      ]),
      graph(
        region,
        "Messages in the queues",
        queues.map(({ title, queueName }) =>
          ofAws("AWS/SQS", "ApproximateNumberOfMessagesVisible", ["QueueName", queueName], title),
        ),
        { stat: "Maximum" },
      ),
      graph(region, "What the functions could not do", [
        count("FinalInconclusive", "image not verified in time"),
        count("DeliveryFailed", "message not delivered"),
        count("LedgerUnavailable", "ledger unavailable"),
        count("OrdersUnavailable", "orders unavailable"),
        count("OrderRefused", "order refused"),
        count("KeeperFailed", "keeper failed"),
      ]),
    ],
  };
}

/** A log widget costs what its query reads, each time that somebody opens the dashboard. */
function notTrusted({ region, logGroup }: DashboardFacts): Widget {
  const query = `SOURCE '${logGroup}' | ${NOT_TRUSTED_QUERY}`;
  return { type: "log", properties: { title: "Not trusted, newest first", region, query, view: "table" } };
}
