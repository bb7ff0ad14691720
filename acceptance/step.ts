/** What came out of a step that went well. */
export interface Seen<Settled extends string = string> {
  /** In a sentence or two, for the report. */
  readonly text: string;
  /** For each assumption that the step settles (docs/assumptions.md): what was seen of it. */
  readonly assumptions: Readonly<Record<Settled, string>>;
}

/** A step of the acceptance. It throws if what it should prove does not hold. */
export interface Step<Context> {
  /** Stable: docs/acceptance.md and docs/assumptions.md name it. */
  readonly id: string;
  readonly title: string;
  /** What holds on AWS if the step goes well; told before it runs. */
  readonly proves: string;
  /** Ids of the steps that it builds on: it is left out where one of them did not go well. */
  readonly needs: readonly string[];
  /** Ids of the assumptions that it settles: docs/assumptions.md. */
  readonly settles: readonly string[];
  /** Runs whatever went wrong before, and after Ctrl-C. */
  readonly always?: true;
  run(context: Context): Promise<Seen>;
}

/** What became of a step. */
export interface StepResult {
  readonly step: Omit<Step<never>, "run">;
  readonly outcome: "passed" | "failed" | "interrupted" | "left-out";
  /** What was seen, or why it failed or was left out. */
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
