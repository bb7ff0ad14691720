/** The window of the stop budget, in milliseconds. A postponed stop waits for the same time. */
export const STOP_WINDOW_MS = 10 * 60_000;

/** The name of the window that contains a time in milliseconds since 1970: its start in ISO 8601. */
export function windowAt(time: number): string {
  return new Date(Math.floor(time / STOP_WINDOW_MS) * STOP_WINDOW_MS).toISOString();
}
