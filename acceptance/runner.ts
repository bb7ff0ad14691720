import type { Step, StepResult } from "./step";

export interface RunnerOptions {
  /** Ctrl-C: after it, only the steps that always run are started. */
  readonly signal: AbortSignal;
  /** Called with what a step will prove, and with its outcome. */
  readonly tell: (text: string) => void;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
}

/** Runs steps one after the other. A failed step only skips the steps that need it. */
export async function runSteps<Context>(
  steps: readonly Step<Context>[],
  context: Context,
  options: RunnerOptions,
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const [index, step] of steps.entries()) {
    const why = whyLeftOut(step, results, options.signal);
    if (why !== undefined) {
      results.push({ step, outcome: "left-out", text: why, assumptions: {}, milliseconds: 0 });
      options.tell(`\n${index + 1}/${steps.length} ${step.title}: left out. ${why}`);
      continue;
    }
    options.tell(`\n${index + 1}/${steps.length} ${step.title}\nProves: ${step.proves}`);
    const result = await runStep(step, context, options);
    results.push(result);
    options.tell(`${result.outcome.toUpperCase()}: ${result.text}`);
  }
  return results;
}

async function runStep<Context>(
  step: Step<Context>,
  context: Context,
  { signal, now }: RunnerOptions,
): Promise<StepResult> {
  const begun = now();
  try {
    const { text, assumptions } = await step.run(context);
    return { step, outcome: "passed", text, assumptions, milliseconds: now() - begun };
  } catch (error) {
    const outcome = signal.aborted && !step.always ? "interrupted" : "failed";
    const text = error instanceof Error ? error.message : String(error);
    return { step, outcome, text, assumptions: {}, milliseconds: now() - begun };
  }
}

/** Undefined if the step should run. */
function whyLeftOut(
  { always, needs }: Pick<Step<never>, "always" | "needs">,
  before: readonly StepResult[],
  signal: AbortSignal,
): string | undefined {
  if (always) return undefined;
  if (signal.aborted) return "It was interrupted before this step.";
  const missing = needs.filter((id) => !before.some(({ step, outcome }) => step.id === id && outcome === "passed"));
  return missing.length === 0 ? undefined : `It needs steps that did not pass: ${missing.join(", ")}.`;
}
