// Real: signatures, registry, notation, judging, the calls to AWS, the commands, the policy. Stand-ins over HTTP: AWS, Signer.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { CASES } from "./support/places/cases";
import { launchDetector } from "./support/places/detector";
import { deploymentGate } from "./support/places/gate";
import { gateCheckCommand } from "./support/places/gate-check";
import { operatorIn } from "./support/places/operator";
import type { JudgedTask, Place, PlaceAnswer, PlaceVerdict, TaskContainer } from "./support/places/place";
import { preview } from "./support/places/preview";
import { scanCommand } from "./support/places/scan";
import { sweep } from "./support/places/sweep";
import { verifyCommand } from "./support/places/verify";
import { type Choice, choices, prepareWorld, type World } from "./support/places/world";
import { useScene } from "./support/scene";

type Verdicts = PlaceAnswer["containers"];

/** Those that run on AWS. They need no process of their own, so that more is tried with them. */
const FUNCTIONS: readonly Place[] = [launchDetector, deploymentGate, sweep];

/** The same choices in every run. Making them simpler after a failure would take minutes. */
const DRAWN = { seed: 17473, endOnFailure: true } as const;

/**
 * Every place that judges images does so in a way of its own: with a cache and the ledger, by a service revision, in groups, with
 * the credentials of a user, with the blocks alone. For the same task, trust document and orders they must not disagree.
 */
describe("contract: every place that judges images gives the same answer", function () {
  this.timeout(180_000);
  const scene = useScene();
  let world: World;
  let places: readonly Place[];

  before(async () => {
    world = await prepareWorld(scene());
    const operator = await operatorIn(scene());
    const onMachines = [preview, verifyCommand, scanCommand, gateCheckCommand].map((place) => place(operator));
    places = [...FUNCTIONS, ...onMachines];
  });

  const ask = (of: readonly Place[], choice: Choice) =>
    onOneDay(async (now) => {
      const task = world.task(choice, now);
      const answers: [Place, PlaceAnswer][] = [];
      for (const place of of) answers.push([place, await place.judge(task)]);
      return answers;
    });

  for (const { title, choice, web, proxy } of CASES) {
    it(title, async () => {
      assertSame(await ask(places, choice), { web, proxy });
    });
  }

  it("whatever the images, the trust document and the orders", async () => {
    await fc.assert(
      fc.asyncProperty(choices, async (choice) => {
        const answers = await ask(places, choice);

        assertSame(answers, answers[0]?.[1].containers ?? {});
      }),
      { ...DRAWN, numRuns: 6 },
    );
  });

  it("whatever the other container of the task is, and whatever exempts or blocks it", async () => {
    await fc.assert(
      fc.asyncProperty(choices, async (choice) => {
        const together = await ask(FUNCTIONS, choice);
        const alone = await onOneDay(async (now) => {
          const task = world.task(choice, now);
          const found: Verdicts[] = [];
          for (const one of task.containers) found.push((await launchDetector.judge(onlyWith(one, task))).containers);
          return Object.assign({}, ...found) as Verdicts;
        });

        assertSame(together, alone);
      }),
      { ...DRAWN, numRuns: 20 },
    );
  });
});

/** Each place gives these verdicts, and refuses or stops the task if one of them is a denial, and only then. */
function assertSame(answers: readonly (readonly [Place, PlaceAnswer])[], containers: Verdicts): void {
  const expected = answers.map(([{ name }]) => {
    // The one difference, by design (docs/policy.md): exemptions of the moment are for launches, and a deployment is meant to last.
    const own = name === "preview" ? withoutOrders(containers) : containers;
    return [name, { containers: own, isRefused: Object.values(own).some(isDenied) }];
  });
  assert.deepEqual(
    Object.fromEntries(answers.map(([{ name }, answer]) => [name, answer])),
    Object.fromEntries(expected),
  );
}

const isDenied = ({ verdict }: PlaceVerdict) => verdict.startsWith("denied ");

function withoutOrders(containers: Verdicts): Verdicts {
  const entries = Object.entries(containers);
  return Object.fromEntries(entries.map(([name, { verdict, without }]) => [name, { verdict: without ?? verdict }]));
}

/** The container in a task of its own, with the exemptions and orders that are about its image. */
function onlyWith(container: TaskContainer, task: JudgedTask): JudgedTask {
  const { reference, descriptor } = container.image;
  const isAbout = ({ image }: { readonly image: string }) => [reference, reference.split("@")[0]].includes(image);
  return {
    ...task,
    containers: [container],
    trust: { ...task.trust, exemptions: task.trust.exemptions.filter(isAbout) },
    orders: task.orders.filter(({ digest }) => digest === descriptor.digest),
  };
}

/** Does it once more if a day in UTC ended meanwhile: exemptions end with it, and the commands look at the clock themselves. */
async function onOneDay<T>(work: (now: Date) => Promise<T>): Promise<T> {
  for (;;) {
    const now = new Date();
    const done = await work(now);
    if (now.getUTCDate() === new Date().getUTCDate()) return done;
  }
}
