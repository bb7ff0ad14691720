import { inOrder } from "./environments";
import type { EnvironmentsOptions } from "./environments-options";
import { type PolicyOptions, toPolicy } from "./policy-options";
import { resultJson, resultText, stepsText } from "./update-text";

/** The options of `preview`. */
export type PreviewOptions = EnvironmentsOptions & PolicyOptions;

/** Shows what `up` would change. */
export function preview(options: PreviewOptions): Promise<void> {
  const policy = toPolicy(options);
  return inOrder(options, {
    run(environment, signal) {
      process.stderr.write(`Previewing ${environment.stack}\n`);
      return environment.preview({ ...policy, signal });
    },
    text: (stack, result) => [stepsText(result), resultText(stack, result, "planned")].filter(Boolean).join("\n"),
    json: resultJson,
  });
}
