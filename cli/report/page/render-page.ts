import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { STATUSES } from "../../../verifier/src/verification/verdict";
import { cellText } from "../cell-text";
import type { Cell, Fact, ReportDocument, Section, TableColumn, TableView } from "../document";
import { chartMarkup } from "./charts";
import { html, Markup, visibleText } from "./markup";

const STYLE = readFileSync(join(__dirname, "style.css"), "utf8");
const SCRIPT = readFileSync(join(__dirname, "script.js"), "utf8");

/** Rows of a table that a browser draws at once. The script, which shows a part of them, has the same. */
const MOST_AT_ONCE = 500;

/** Nothing but the page's own style and script: a browser would run and load nothing else, whatever an image is called. */
const POLICY = [
  "default-src 'none'",
  `style-src '${hashOf(STYLE)}'`,
  `script-src '${hashOf(SCRIPT)}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** A report as one HTML page that needs nothing else. */
export function renderPage({ title, subtitle, sections }: ReportDocument): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="subtitle">${subtitle}</p>
<nav aria-label="Sections"><ul>${sections.slice(1).map((section) => html`<li><a href="#${section.id}">${section.title}</a></li>`)}</ul></nav>
</header>
<main>
${sections.map(sectionMarkup)}
</main>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`;
  return page.text;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function sectionMarkup({ id, title, text, facts = [], charts = [], tables }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${title}</h2>
${text.map(paragraph)}${
  facts.length === 0
    ? ""
    : html`<ul class="facts">${facts.map(factMarkup)}</ul>
`
}${charts.map((chart, at) => chartMarkup(chart, `${id}-chart-${at}`))}${tables.map((table, at) => tableMarkup(table, `${id}-table-${at}`))}</section>
`;
}

/** What is missing stands out. */
function paragraph(text: string): Markup {
  return /^NOT [A-Z]+/.test(text)
    ? html`<p class="missing">${text}</p>
`
    : html`<p>${text}</p>
`;
}

function factMarkup({ label, value, tone, section }: Fact): Markup {
  return html`<li><a${tone === undefined ? "" : html` class="${tone}"`} href="#${section}"><strong>${value}</strong> ${label}</a></li>`;
}

function tableMarkup({ title, columns, rows, empty }: TableView, id: string): Markup {
  const heading = html`<h3 id="${id}">${title}</h3>`;
  if (rows.length === 0)
    return html`<div class="view">${heading}<p>${empty}</p></div>
`;
  return html`<div class="view">${heading}
<div class="${rows.length > MOST_AT_ONCE ? "scroll long" : "scroll"}" role="region" aria-labelledby="${id}" tabindex="0"><table aria-labelledby="${id}">
<thead><tr>${columns.map(headMarkup)}</tr></thead>
<tbody>
${rows.map(
  (row) => html`<tr>${columns.map((column, at) => cellMarkup(row[at], column))}</tr>
`,
)}</tbody>
</table></div></div>
`;
}

function headMarkup({ name, align }: TableColumn): Markup {
  return html`<th scope="col"${align === undefined ? "" : html` class="n"`}>${name}</th>`;
}

function cellMarkup(cell: Cell | undefined, { align }: TableColumn): Markup {
  if (cell === undefined) return html`<td></td>`;
  switch (cell.kind) {
    case "given":
      return html`<td class="g">${visibleText(cell.text, cell.limit)}</td>`;
    case "code":
      return html`<td class="t">${visibleText(cell.text, 40)}</td>`;
    case "status":
      return html`<td>${statusMarkup(cell.text)}</td>`;
    case "digest":
      return html`<td class="d"${cell.digest === null ? "" : html` title="${visibleText(cell.digest, 80)}"`}>${cellText(cell)}</td>`;
    case "number":
      return html`<td class="n" data-key="${cell.value ?? -1}">${cellText(cell)}</td>`;
    case "duration":
      return html`<td class="n" data-key="${cell.milliseconds}">${cellText(cell)}</td>`;
    case "time":
      return html`<td class="t">${cellText(cell)}</td>`;
    case "words":
      return html`<td${align === undefined ? "" : html` class="n"`}>${cell.text}</td>`;
  }
}

function statusMarkup(text: string): Markup {
  const known = STATUSES.find((status) => status === text);
  return known === undefined ? html`${visibleText(text, 40)}` : html`<span class="s ${known}">${text}</span>`;
}
