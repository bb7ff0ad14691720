/** The result of a successful step. */
export interface Seen<Settled extends string = string> {
  /** One or two sentences for the report. */
  readonly text: string;
  /** For each assumption that the step settles (docs/assumptions.md): the observation. */
  readonly assumptions: Readonly<Record<Settled, string>>;
}

/** A step of the acceptance test. It throws if it cannot prove its claim. */
export interface Step<Context> {
  /** Stable: docs/acceptance.md and docs/assumptions.md name it. */
  readonly id: string;
  readonly title: string;
  /** The claim that the step proves on AWS if it succeeds; shown before it runs. */
  readonly proves: string;
  /** Ids of the steps it depends on: it is skipped if one of them did not succeed. */
  readonly needs: readonly string[];
  /** Ids of the assumptions that it settles: docs/assumptions.md. */
  readonly settles: readonly string[];
  /** Runs even after earlier failures and after Ctrl-C. */
  readonly always?: true;
  run(context: Context): Promise<Seen>;
}

/** The outcome of a step. */
export interface StepResult {
  readonly step: Omit<Step<never>, "run">;
  readonly outcome: "passed" | "failed" | "interrupted" | "left-out";
  /** What was observed, or why the step failed or was skipped. */
  readonly text: string;
  readonly assumptions: Readonly<Record<string, string>>;
  readonly milliseconds: number;
}

/** A step whose result names each assumption that it settles, and no other. */
export function defineStep<Context, const Settled extends string = never>(
  step: Omit<Step<Context>, "settles" | "run"> & {
    readonly settles: readonly Settled[];
    run(context: Context): Promise<Seen<Settled>>;
  },
): Step<Context> {
  return step;
}
