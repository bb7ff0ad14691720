import assert from "node:assert/strict";
import { program } from "./support/program";
import type { Configuration } from "./support/project";
import { useScene } from "./support/scene";
import { stepsOf } from "./support/steps";

const PREFIX = "ecs-image-verification:";

/** Configuration under the project's keys. */
function own(values: Configuration): Configuration {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${PREFIX}${key}`, value]));
}

function trusting(identities: readonly string[]) {
  return { trust: { registries: ["self"], statements: [{ name: "release", repositories: ["*"], identities }] } };
}

describe("engine: updates of an environment that is there", function () {
  this.timeout(120_000);
  const scene = useScene(program);

  const configure = (stack: string, values: Configuration) =>
    scene().project.configure(stack, (old) => ({ "aws:region": "eu-west-1", ...old, ...own(values) }));
  const up = async (stack: string, values: Configuration) => {
    await configure(stack, values);
    const run = await scene().run("up", stack);
    assert.deepEqual([run.code, run.errors], [0, []]);
    return stepsOf(run.steps);
  };

  it("audit becomes enforce with 30 clusters and 60 identities", async () => {
    const clusters = Array.from(
      { length: 30 },
      (_, index) => `arn:aws:ecs:eu-west-1:111122223333:cluster/web-${index}`,
    );
    const identities = Array.from(
      { length: 60 },
      (_, index) => `arn:aws:signer:eu-west-1:444455556666:/signing-profiles/team_${index}`,
    );
    await up("many", { mode: "audit", clusters, ...trusting(identities) });

    const steps = await up("many", { mode: "enforce" });

    assert.ok(steps.includes("update RolePolicy image-verification-verifier-policy"), steps.join("\n"));
  });
});
