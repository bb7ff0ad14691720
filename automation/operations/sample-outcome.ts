import type { ReadRecord } from "./verdict-record";

/** The two task definitions of the sample. */
export const SAMPLES = ["signed", "unsigned"] as const;

export type Sample = (typeof SAMPLES)[number];

/** Name of the container of the sample's task definitions: components/sample/sample-workload.ts. */
export const SAMPLE_CONTAINER = "sample";

/** Whether a verdict is the one expected of the sample, and a sentence that says so. */
export interface SampleOutcome {
  readonly expected: boolean;
  readonly text: string;
}

/** The last final verdict on the sample's container among the verdicts on a task. */
export function sampleVerdict(records: readonly ReadRecord[]): ReadRecord | undefined {
  return records.filter(({ container, final }) => final && container === SAMPLE_CONTAINER).at(-1);
}

const STOPPED: ReadonlySet<string> = new Set([
  "stopped",
  "rolled-back-and-stopped",
  "stopped-first-deployment",
  "already-stopped",
]);

/** Whether the verifier has stopped the task, or found that it had ended. */
export function wasStopped({ response }: ReadRecord): boolean {
  return STOPPED.has(response);
}

/** A failed response is retried and recorded again. */
export function isSettled(record: ReadRecord): boolean {
  return record.response !== "failed";
}

/** Compares a verdict with what is expected of the sample: signed is trusted; unsigned is denied because it has no signature. */
export function toOutcome(sample: Sample, record: ReadRecord): SampleOutcome {
  const { status, code, mode, response, responseError } = record;
  const is = `${sample}: ${status}, ${code}`;
  if (sample === "signed") {
    if (status === "trusted") return { expected: true, text: `${is}, as expected.` };
    return { expected: false, text: `${is}, but it should be trusted. Why: ${record.detail}` };
  }
  if (status !== "denied" || code !== "no-signature") {
    return { expected: false, text: `${is}, but it should be denied, no-signature. Why: ${record.detail}` };
  }
  if (mode === "audit") return { expected: true, text: `${is}, as expected. The verifier audits and stops nothing.` };
  if (wasStopped(record)) return { expected: true, text: `${is}, as expected, and ${response} by the verifier.` };
  const error = responseError === undefined ? "" : ` (${responseError})`;
  return {
    expected: false,
    text: `${is}, as expected, but it should have been stopped. Response: ${response}${error}.`,
  };
}
