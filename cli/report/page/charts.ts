import { scaleBand, scaleLinear } from "d3-scale";
import { stack } from "d3-shape";
import type { Status } from "../../../verifier/src/verification/verdict";
import type { Chart, StatusValues } from "../document";
import { html, type Markup, visibleText } from "./markup";

/** From the bottom of a column up, and from the left of a bar. */
const ORDER: readonly Status[] = ["denied", "inconclusive", "exempt", "trusted"];

/** In the units of a chart, which is scaled to the width of the page: two units for a pixel of a phone at most. */
const WIDTH = 480;

/** A chart as SVG, with its numbers as text for those who do not see it. Colours are classes of the page's style. */
export function chartMarkup(chart: Chart, id: string): Markup {
  switch (chart.kind) {
    case "statuses":
      return figure(
        chart.title,
        statusesText(chart.values, chart.what),
        statusesSvg(chart.values),
        id,
        legendOf(chart.values),
      );
    case "days":
      return figure(chart.title, daysText(chart.days), daysSvg(chart.days), id, legendOf());
    case "bars":
      return figure(chart.title, barsText(chart.bars), barsSvg(chart.bars), id, []);
    case "shares":
      return figure(chart.title, sharesText(chart.shares), sharesSvg(chart.shares), id, []);
  }
}

interface LegendItem {
  readonly status: Status;
  readonly text: string;
}

/** The colours, with their numbers where there is one of each. */
function legendOf(values?: StatusValues): readonly LegendItem[] {
  return ORDER.map((status) => ({ status, text: values === undefined ? status : `${status} ${values[status]}` }));
}

interface Drawing {
  readonly height: number;
  readonly content: readonly Markup[];
}

function figure(title: string, text: string, { height, content }: Drawing, id: string, legend: readonly LegendItem[]) {
  return html`<figure>
<figcaption>${title}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}-title ${id}-text"><title id="${id}-title">${title}</title><desc id="${id}-text">${text}</desc>${content}</svg>
${legend.length === 0 ? "" : html`<ul class="legend" aria-hidden="true">${legend.map(({ status, text }) => html`<li><span class="key fill-${status}"></span>${text}</li>`)}</ul>`}
</figure>
`;
}

function statusesText(values: StatusValues, what: string): string {
  return `${ORDER.map((status) => `${values[status]} ${status}`).join(", ")} ${what}.`;
}

function statusesSvg(values: StatusValues): Drawing {
  const total = ORDER.reduce((sum, status) => sum + values[status], 0);
  const x = scaleLinear([0, Math.max(total, 1)], [0, WIDTH]);
  const [layers] = [
    stack<unknown, StatusValues, Status>()
      .keys(ORDER)
      .value((row, key) => row[key])([values]),
  ];
  const content = layers.flatMap((layer) => {
    const [from = 0, to = 0] = layer[0] ?? [];
    if (to === from) return [];
    const width = x(to) - x(from);
    // A share that is too small to be seen would be missed.
    const seen = Math.max(width, 3);
    const label =
      width < 44
        ? ""
        : html`<text class="on-fill" x="${x(from) + width / 2}" y="29" text-anchor="middle">${to - from}</text>`;
    return [
      html`<rect class="fill-${layer.key}" x="${Math.min(round(x(from)), WIDTH - 3)}" y="4" width="${round(seen)}" height="36"/>${label}`,
    ];
  });
  return { height: 44, content };
}

function daysText(days: Extract<Chart, { kind: "days" }>["days"]): string {
  return days.map((one) => `${one.day}: ${ORDER.map((status) => `${one[status]} ${status}`).join(", ")}`).join("; ");
}

function daysSvg(days: Extract<Chart, { kind: "days" }>["days"]): Drawing {
  const top = 10;
  const bottom = 190;
  const left = 48;
  const most = Math.max(1, ...days.map((day) => ORDER.reduce((sum, status) => sum + day[status], 0)));
  const x = scaleBand(
    days.map(({ day }) => day),
    [left, WIDTH],
  ).padding(0.25);
  const y = scaleLinear([0, most], [bottom, top]).nice(4);
  const layers = stack<unknown, (typeof days)[number], Status>()
    .keys(ORDER)
    .value((day, key) => day[key])([...days]);
  const every = Math.ceil(days.length / 8);
  const lines = y
    .ticks(4)
    .filter(Number.isInteger)
    .map(
      (tick) =>
        html`<line class="grid" x1="${left}" x2="${WIDTH}" y1="${round(y(tick))}" y2="${round(y(tick))}"/><text x="${left - 6}" y="${round(y(tick) + 5)}" text-anchor="end">${shortNumber(tick)}</text>`,
    );
  const names = days.flatMap(({ day }, at) =>
    at % every === 0
      ? [
          html`<text x="${round((x(day) ?? 0) + x.bandwidth() / 2)}" y="${bottom + 20}" text-anchor="middle">${day.slice(5)}</text>`,
        ]
      : [],
  );
  const bars = layers.flatMap((layer) =>
    layer.flatMap((point) => {
      const [from, to] = point;
      if (to === from) return [];
      return [
        html`<rect class="fill-${layer.key}" x="${round(x(point.data.day) ?? 0)}" y="${round(y(to))}" width="${round(x.bandwidth())}" height="${round(y(from) - y(to))}"/>`,
      ];
    }),
  );
  return { height: bottom + 28, content: [...lines, ...bars, ...names] };
}

function shortNumber(value: number): string {
  return value >= 10_000 ? `${Math.round(value / 1000)}k` : String(value);
}

function barsText(bars: Extract<Chart, { kind: "bars" }>["bars"]): string {
  return bars.map(({ name, value }) => `${visibleText(name, 80)}: ${value}`).join("; ");
}

/** Names stand above their bars: the page may be narrow, and they may be long. */
function barsSvg(bars: Extract<Chart, { kind: "bars" }>["bars"]): Drawing {
  const row = 40;
  const x = scaleLinear([0, Math.max(1, ...bars.map(({ value }) => value))], [0, WIDTH - 60]);
  const content = bars.map(({ name, value, status }, at) => {
    const width = Math.max(x(value), 3);
    return html`<text x="0" y="${at * row + 15}">${visibleText(name, 52)}</text><rect class="fill-${status}" x="0" y="${at * row + 21}" width="${round(width)}" height="14"/><text x="${round(width + 6)}" y="${at * row + 33}">${value}</text>`;
  });
  return { height: bars.length * row + 2, content };
}

function sharesText(shares: Extract<Chart, { kind: "shares" }>["shares"]): string {
  return shares.map(({ name, part, whole }) => `${name}: ${part} of ${whole}`).join("; ");
}

function sharesSvg(shares: Extract<Chart, { kind: "shares" }>["shares"]): Drawing {
  const row = 40;
  const content = shares.map(({ name, part, whole }, at) => {
    const x = scaleLinear([0, Math.max(1, whole)], [0, WIDTH]);
    const y = at * row;
    return html`<text x="0" y="${y + 15}">${name}</text><text x="${WIDTH}" y="${y + 15}" text-anchor="end">${part} of ${whole}</text><rect class="track" x="0" y="${y + 21}" width="${WIDTH}" height="12"/><rect class="covered" x="0" y="${y + 21}" width="${round(x(part))}" height="12"/>`;
  });
  return { height: shares.length * row, content };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
