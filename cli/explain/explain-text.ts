import { colorsFor } from "../lib/colors";
import { labelledLines } from "../lib/labelled-lines";
import { inStatusColour } from "../lib/status-colours";
import { tableText } from "../lib/table";
import type { Explanation } from "./explanation";

const colors = colorsFor(process.stdout);

/** The explanation of one code, for people. */
export function explanationText({ code, status, runbook, ...said }: Explanation): string {
  return [
    `${colors.bold(code)} (${inStatusColour(status, status)})`,
    ...labelledLines([
      ["means", said.means],
      ["look at", said.look],
      ["do", said.do],
      ["wake", said.wake],
      ["more", `${runbook}, docs/verdicts.md`],
    ]),
  ].join("\n");
}

/** All codes, for people. */
export function explanationTable(explanations: readonly Explanation[]): string {
  const columns = [{ name: "CODE" }, { name: "STATUS" }, { name: "MEANS", wrapTo: 30 }];
  const rows = explanations.map(({ code, status, means }) => [code, inStatusColour(status, status), means]);
  return tableText(columns, rows);
}
