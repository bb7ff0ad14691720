import { digestText } from "../lib/digest-text";
import { printable } from "../lib/printable";
import { timeText } from "../lib/time-text";
import type { Cell } from "./document";

/** A cell in printable ASCII, without colours. */
export function cellText(cell: Cell): string {
  switch (cell.kind) {
    case "given":
      return printable(cell.text, cell.limit);
    case "words":
      return cell.text;
    case "status":
    case "code":
      return printable(cell.text, 40);
    case "digest":
      return digestText(cell.digest ?? undefined);
    case "number":
      return cell.value === null ? "-" : String(cell.value);
    case "time":
      return cell.time === null ? "-" : timeText(cell.time);
    case "duration":
      return durationText(cell.milliseconds);
  }
}

/** A time that something took: `850 ms`, `12.3 s`, `4 min 5 s`, `3 h 20 min`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
