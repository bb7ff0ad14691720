import { basename, join } from "node:path";
import { createEnvironment } from "../../automation/environments/environment";
import { temporaryFolder } from "../../verifier/src/temporary-folder";
import { cloneCheckout, PRIVATE, withUmask } from "../checkout";
import type { Context } from "../context";
import { changesIn } from "../pulumi-state";
import { defineStep } from "../step";
import { told, toStackFile } from "./deploy";

/** Deploys again from a clone of the checkout. */
export const secondMachine = defineStep({
  id: "second-machine",
  title: "Deploy again, from a second clone",
  proves:
    "`up` from another machine changes nothing: neither the path of the checkout nor the modes of its files are part of what is deployed.",
  needs: ["deploy"],
  settles: [],
  async run(context: Context) {
    const { settings, pulumi, signal, note, made } = context;
    const folder = temporaryFolder();
    made.add({
      what: `the folder ${folder.path}`,
      byHand: `rm -rf ${folder.path}`,
      remove: async () => folder.remove(),
    });
    const clone = join(folder.path, "another", "machine");
    note("  git clone, npm ci");
    await cloneCheckout(settings.folder, clone, basename(toStackFile(context)), { signal });
    const elsewhere = await createEnvironment({ ...settings, folder: clone, pulumi });
    const { changes, steps } = await withUmask(PRIVATE, () => elsewhere.deploy({ signal, onEvent: told(note) }));
    const changed = changesIn(changes);
    if (changed !== "") {
      const each = steps.map(
        ({ operation, resource, changed }) => `${operation} ${resource.name} ${changed.join(", ")}`,
      );
      throw new Error(`It should change nothing, but: ${changed}.\n${each.join("\n")}`);
    }
    return { text: `Nothing changed, ${changes.same ?? 0} resources are the same.`, assumptions: {} };
  },
});
