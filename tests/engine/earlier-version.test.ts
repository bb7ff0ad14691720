import assert from "node:assert/strict";
import { join } from "node:path";
import { program } from "./support/program";
import { useScene } from "./support/scene";
import { stepsOf } from "./support/steps";

/** `pulumi stack export` of `dev` as the version before the sources moved to their present folders had made it. */
const STATE = join(__dirname, "fixtures/earlier-state.json");

describe("engine: a stack that an earlier version has made", function () {
  this.timeout(120_000);
  const scene = useScene(program);

  it("is updated in place: only what is built from the sources changes", async () => {
    await scene().pulumi("stack", "init", "dev");
    const imported = await scene().pulumi("stack", "import", "--stack", "dev", "--file", STATE);
    assert.equal(imported.code, 0, imported.stderr);

    const run = await scene().run("up", "dev");

    assert.deepEqual([run.code, run.errors], [0, []]);
    // What copies and signs the sample is run from the checkout, which is elsewhere by now; an update of it does nothing.
    assert.deepEqual(
      stepsOf(run.steps).filter((step) => !step.startsWith("update Command ")),
      [
        ...["create-replacement", "delete-replaced", "replace"].map(
          (step) => `${step} Invocation image-verification-check-invocation`,
        ),
        "update Function image-verification-verifier-function",
        "update Image image-verification-image-image",
      ],
    );
  });
});
