import assert from "node:assert/strict";
import { leftText, type MadeThings, madeThings } from "../../../acceptance/made";
import { runSteps } from "../../../acceptance/runner";
import { defineStep, type Step } from "../../../acceptance/step";

/** What the steps of these tests work with. */
interface World {
  readonly made: MadeThings;
  readonly ran: string[];
}

const steps = (...failing: readonly string[]): readonly Step<World>[] => {
  const named = (id: string, needs: readonly string[], work: (world: World) => void = () => {}) =>
    defineStep({
      id,
      title: `Do ${id}`,
      proves: `${id} can be done.`,
      needs,
      settles: [],
      async run(world: World) {
        world.ran.push(id);
        work(world);
        if (failing.includes(id)) throw new Error(`no ${id}`);
        return { text: `${id} is done.`, assumptions: {} };
      },
    });
  const teardown: Step<World> = {
    ...named("teardown", []),
    always: true,
    async run({ made }) {
      const failures = await made.removeAll();
      if (failures.length > 0) throw new Error("something is left");
      return { text: "All is gone.", assumptions: {} };
    },
  };
  return [
    named("deploy", [], ({ made }) => made.add(removable("the stack"))),
    named("look", ["deploy"]),
    named("use", ["deploy"]),
    named("use-again", ["use"]),
    teardown,
  ];
};

const removed: string[] = [];
const removable = (what: string, error?: string) => ({
  what,
  byHand: `rm ${what}`,
  async remove() {
    if (error !== undefined) throw new Error(error);
    removed.push(what);
  },
});

describe("acceptance: the runner", () => {
  let world: World;
  let told: string[];
  beforeEach(() => {
    world = { made: madeThings(), ran: [] };
    told = [];
    removed.length = 0;
  });

  async function run(all: readonly Step<World>[], signal = new AbortController().signal) {
    let time = 0;
    const results = await runSteps(all, world, {
      signal,
      tell: (text) => told.push(text),
      now: () => {
        time += 1000;
        return time;
      },
    });
    return results.map(({ step, outcome, text }) => [step.id, outcome, text]);
  }

  it("says what a step proves before it runs it", async () => {
    const probe: Step<World> = {
      ...(steps()[0] as Step<World>),
      async run() {
        assert.deepEqual(told, ["\n1/1 Do deploy\nProves: deploy can be done."]);
        return { text: "Done.", assumptions: {} };
      },
    };

    await run([probe]);

    assert.equal(told.at(-1), "PASSED: Done.");
  });

  it("leaves out what builds on a step that failed, runs the others, and takes everything down", async () => {
    const results = await run(steps("use"));

    assert.deepEqual(results, [
      ["deploy", "passed", "deploy is done."],
      ["look", "passed", "look is done."],
      ["use", "failed", "no use"],
      ["use-again", "left-out", "It needs steps that did not pass: use."],
      ["teardown", "passed", "All is gone."],
    ]);
    assert.deepEqual(removed, ["the stack"]);
  });

  it("takes down what a first step has made before it failed", async () => {
    await run(steps("deploy"));

    assert.deepEqual(world.ran, ["deploy"]);
    assert.deepEqual(removed, ["the stack"]);
  });

  it("after Ctrl-C: begins no step, and takes everything down", async () => {
    const controller = new AbortController();
    const [deploy, look, ...others] = steps();
    assert.ok(deploy && look);
    const interrupted: Step<World> = {
      ...look,
      async run() {
        controller.abort("SIGINT");
        throw new Error("cancelled");
      },
    };

    const results = await run([deploy, interrupted, ...others], controller.signal);

    assert.deepEqual(
      results.map(([id, outcome]) => [id, outcome]),
      [
        ["deploy", "passed"],
        ["look", "interrupted"],
        ["use", "left-out"],
        ["use-again", "left-out"],
        ["teardown", "passed"],
      ],
    );
    assert.deepEqual(removed, ["the stack"]);
  });
});

describe("acceptance: what was made", () => {
  it("is removed in the opposite order, each whatever becomes of the others, and what stays is known", async () => {
    const made = madeThings();
    removed.length = 0;
    made.add(removable("first"));
    made.add(removable("second", "AccessDenied"));
    made.add(removable("third"));

    const failures = await made.removeAll();

    assert.deepEqual(removed, ["third", "first"]);
    assert.deepEqual(
      failures.map(({ made: { what }, error }) => [what, String(error)]),
      [["second", "Error: AccessDenied"]],
    );
    assert.equal(leftText(made.left()), "Left over, to be removed manually:\n  second\n    rm second");
  });

  it("is nothing once all is removed", async () => {
    const made = madeThings();
    made.add(removable("only"));

    assert.deepEqual(await made.removeAll(), []);
    assert.equal(leftText(made.left()), undefined);
  });
});
