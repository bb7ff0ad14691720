import { Listr, ListrLogger, ProcessOutput } from "listr2";

/** One step of the demo, and what is shown for it. */
export interface Step {
  readonly title: string;
  readonly run: (report: Report) => Promise<void>;
}

/** Reports the progress of a step. */
export interface Report {
  /** Replaces the step's title. */
  readonly title: (text: string) => void;
  readonly detail: (text: string) => void;
}

/**
 * Runs steps one after the other, and shows the current one on standard error. Rejects with the error of the first step
 * that fails, which is not shown here. No step starts once `signal` is aborted.
 */
export async function runSteps(steps: readonly Step[], signal: AbortSignal): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  // Replaces standard output: listr2 must write everything to standard error.
  const processOutput = new ProcessOutput(process.stderr, process.stdout);
  const logger = new ListrLogger({ useIcons: true, processOutput });
  const list = new Listr<unknown, "default", "simple">(
    steps.map(({ title, run }) => ({
      title,
      task: async (_, task) => {
        try {
          signal.throwIfAborted();
          await run(reportTo(task));
        } catch (error) {
          failure = { error };
          throw new Error("failed");
        }
      },
    })),
    {
      renderer: "default",
      fallbackRenderer: "simple",
      fallbackRendererCondition: !process.stderr.isTTY,
      rendererOptions: { logger, showErrorMessage: false },
      fallbackRendererOptions: { logger },
      registerSignalListeners: false,
    },
  );
  await list.run().catch((error: unknown) => {
    throw failure === undefined ? error : failure.error;
  });
}

function reportTo(task: { title: string | undefined; output: string | undefined }): Report {
  return {
    title: (text) => {
      task.title = text;
    },
    detail: (text) => {
      task.output = text;
    },
  };
}
