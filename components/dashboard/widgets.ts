import { ownMetric } from "../metric-alarm";

/** A part of a dashboard, without its place (CloudWatch API reference, "Dashboard body structure and syntax"). */
export interface Widget {
  readonly type: "metric" | "alarm" | "log" | "text";
  readonly properties: Readonly<Record<string, unknown>>;
}

/** One line of a graph: a metric, or an expression that finds metrics. */
export type Line = readonly unknown[];

/** Widgets beside each other, all of one height, in units of the dashboard's grid. */
export interface Row {
  readonly height: number;
  readonly widgets: readonly Widget[];
}

/** Columns of the dashboard's grid. */
const COLUMNS = 24;

/** The time that a point of a graph stands for, in seconds. */
const PERIOD = 300;

/** Puts rows below each other. The widgets of a row share its width. */
export function layOut(rows: readonly Row[]) {
  let y = 0;
  return rows.flatMap(({ height, widgets }) => {
    const width = Math.floor(COLUMNS / widgets.length);
    const placed = widgets.map((widget, index) => ({ ...widget, x: index * width, y, width, height }));
    y += height;
    return placed;
  });
}

/** A graph over time that begins at 0. */
export function graph(
  region: string,
  title: string,
  lines: readonly Line[],
  { stat = "Sum", stacked = false, unit = "" }: { stat?: string; stacked?: boolean; unit?: string } = {},
): Widget {
  const left = { min: 0, ...(unit === "" ? {} : { label: unit, showUnits: false }) };
  const shown = { view: "timeSeries", stacked, stat, period: PERIOD, yAxis: { left } };
  return { type: "metric", properties: { title, region, ...shown, metrics: lines } };
}

/** A metric of our own code in one environment. */
export function own(environment: string, name: string, options: Readonly<Record<string, unknown>> = {}): Line {
  const { namespace, dimensions } = ownMetric(environment);
  return [namespace, name, ...Object.entries(dimensions).flat(), options];
}

/** A metric of AWS with one dimension. */
export function ofAws(namespace: string, name: string, dimension: readonly [string, string], label: string): Line {
  return [namespace, name, ...dimension, { label }];
}

/** What a search finds of a metric. */
export interface Search {
  /** The dimensions beside service and environment. */
  readonly dimensions: readonly string[];
  /** The values that some of them must have. Default: any. */
  readonly only?: Readonly<Record<string, string>>;
  /** Default: `Sum`. */
  readonly stat?: "Sum" | "Maximum";
}

/**
 * Finds a metric of our own code that has more dimensions than service and environment. A search sees only metrics with exactly
 * the dimensions that it names, and that had values in the last two weeks (CloudWatch user guide, "CloudWatch search
 * expression syntax"). An environment's name has no character that a search would read as its own (verifier/src/behaviour.ts).
 */
export function searchFor(environment: string, name: string, { dimensions, only = {}, stat = "Sum" }: Search): string {
  const { namespace, dimensions: common } = ownMetric(environment);
  const schema = [namespace, ...Object.keys(common), ...dimensions].join(",");
  const terms = Object.entries({ MetricName: name, ...common, ...only }).map(([key, value]) => `${key}="${value}"`);
  return `SEARCH('{${schema}} ${terms.join(" ")}', '${stat}')`;
}

/** One line for each metric that a search finds, named by its dimensions. */
export function found(search: string, dimensions: readonly string[]): Line {
  return [{ expression: search, label: dimensions.map((name) => `\${PROP('Dim.${name}')}`).join(" ") }];
}

/** One line for all metrics that a search finds. */
export function sumOf(search: string, label: string, color: string): Line {
  return [{ expression: `SUM(${search})`, label, color }];
}
