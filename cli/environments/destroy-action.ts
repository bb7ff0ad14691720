import { detachEverywhere } from "../gate/detach-everywhere";
import { confirm } from "../lib/confirm";
import { inOrder } from "./environments";
import type { EnvironmentsOptions } from "./environments-options";
import { withProgress } from "./progress";
import { resultJson, resultText } from "./update-text";

/** The options of `destroy`. */
export interface DestroyOptions extends EnvironmentsOptions {
  readonly remove?: true;
  readonly unprotect?: true;
  readonly detachGate?: true;
  readonly yes?: true;
}

/** Destroys the environments, each after confirmation. */
export function destroy(options: DestroyOptions): Promise<void> {
  return inOrder(options, {
    async run(environment, signal) {
      const { stack } = environment;
      if (!options.yes) {
        const { resources } = await environment.status();
        const also = options.unprotect ? ", with what is protected and all images in its repositories" : "";
        const gate = options.detachGate ? " It first takes the deployment gate away from every service." : "";
        const question = `This removes the ${resources} resources of ${stack}${also}.${gate} It cannot be undone.`;
        await confirm({ question, expected: stack, option: "--yes" });
      }
      if (options.detachGate) await detachEverywhere(await environment.outputs(), signal);
      const what = { remove: options.remove === true, unprotect: options.unprotect === true };
      return withProgress(`Removing ${stack}`, (onEvent) => environment.destroy({ ...what, signal, onEvent }));
    },
    text: (stack, result) => resultText(stack, result, "done"),
    json: resultJson,
  });
}
