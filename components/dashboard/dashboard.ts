import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { cloudWatchConsole } from "../../verifier/src/reporting/log-link";
import { RUNBOOK } from "../../verifier/src/reporting/runbook";
import { fixedName } from "../aws/aws-names";
import { findRegion } from "../aws/place";
import { type Child, type MakeChild, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { logsQueryLink } from "../commands";
import { typeToken } from "../type-token";
import { type DashboardFacts, dashboardBody } from "./dashboard-body";
import { type QueriedLog, SAVED_QUERIES } from "./saved-queries";

export interface DashboardChildren {
  readonly dashboard?: Child<cloudwatch.DashboardArgs>;
  /** Each of the saved queries. */
  readonly query?: Child<cloudwatch.QueryDefinitionArgs>;
}

/** Empty: the verification does not depend on what shows it. */
export const DASHBOARD_SENSITIVE: Sensitive<DashboardChildren> = { dashboard: [], query: [] };

export interface DashboardArgs {
  /** Name of the environment: a dimension of its metrics, and part of the dashboard's name. */
  environment: string;
  /** The functions, with what people call them. */
  functions: readonly { readonly title: string; readonly functionName: pulumi.Input<string> }[];
  /** The queues in which something waits or should not be, with what people call them. */
  queues: readonly { readonly title: string; readonly queueName: pulumi.Input<string> }[];
  /** Name of the log group of the launch verifier. */
  logGroupName: pulumi.Input<string>;
  /** Name of the log group of the deployment gate. Default: there is no gate. */
  gateLogGroupName?: pulumi.Input<string> | undefined;
  alarmArns: pulumi.Input<pulumi.Input<string>[]>;
  /** Whether there is a canary. Default: false. */
  hasCanary?: boolean;
  /** Whether there is a sweep. Default: false. */
  hasSweep?: boolean;
  /** URL of the runbook. Default: its path in this repository. */
  runbookUrl?: string | undefined;
  /** Changes to single resources of this component: docs/components.md. */
  children?: DashboardChildren | undefined;
}

/**
 * A dashboard of an environment, and queries for its logs. CloudWatch has one list of dashboards for all regions of an account,
 * so the name has the region; two environments of one name in one region share their metrics and their dashboard.
 */
export class Dashboard extends pulumi.ComponentResource {
  /** Address of the dashboard in the AWS console. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("Dashboard"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, DASHBOARD_SENSITIVE);
    const region = findRegion(this);
    const dashboard = new cloudwatch.Dashboard(
      `${name}-dashboard`,
      ...child("dashboard", {
        dashboardName: region.apply((known) => fixedName(`ecs-image-verification-${known}`, args.environment)),
        dashboardBody: pulumi
          .output({ ...withoutChildren(args), region })
          .apply((known) => JSON.stringify(dashboardBody(toFacts(known)))),
      }),
    );
    saveQueries(name, child, args);
    this.url = pulumi
      .all([region, dashboard.dashboardName])
      .apply(([known, shown]) => `${cloudWatchConsole(known)}#dashboards/dashboard/${shown}`);
    this.registerOutputs({ url: this.url });
  }
}

/** The arguments, once they are known. */
type KnownArgs = pulumi.Unwrap<Omit<DashboardArgs, "children">> & { readonly region: string };

function toFacts({
  logGroupName,
  gateLogGroupName,
  hasCanary = false,
  hasSweep = false,
  runbookUrl,
  ...known
}: KnownArgs): DashboardFacts {
  return {
    ...known,
    logGroup: logGroupName,
    logsQuery: logsQueryLink(known.region, logGroupName),
    hasGate: gateLogGroupName !== undefined,
    hasCanary,
    hasSweep,
    runbook: runbookUrl ?? RUNBOOK,
  };
}

/** A query is saved if one of the logs that it reads is there. */
function saveQueries(
  name: string,
  child: MakeChild<DashboardChildren>,
  { environment, logGroupName, gateLogGroupName }: DashboardArgs,
): void {
  const groups: Readonly<Partial<Record<QueriedLog, pulumi.Input<string>>>> = withoutUndefined({
    verifier: logGroupName,
    gate: gateLogGroupName,
  });
  for (const { id, title, logs, query } of SAVED_QUERIES) {
    const logGroupNames = logs.flatMap((log) => groups[log] ?? []);
    if (logGroupNames.length === 0) continue;
    // The slashes make folders in the console.
    const shown = `ecs-image-verification/${environment}/${title}`;
    new cloudwatch.QueryDefinition(
      `${name}-query-${id}`,
      ...child("query", { name: shown, logGroupNames, queryString: query }),
    );
  }
}
