import assert from "node:assert/strict";
import type { ServiceReference } from "../../../verifier/src/gate/attachment/service-reference";
import type { Remover } from "../../../verifier/src/gate/keeper/find-removers";
import { runKeeper } from "../../../verifier/src/gate/keeper/run-keeper";
import { type FakeEcs, useFakeEcs } from "../../support/fake-ecs";
import { type KeeperWorld, keeperWorld, type TestKeeper, testKeeper } from "../../support/keeper";

export const A_LONG_TIME = () => 900_000;

/** The stand-in for ECS of tests/support/fake-ecs.ts, and a keeper on it, new for each test. */
export interface KeptServices {
  readonly ecs: FakeEcs;
  readonly world: KeeperWorld;
  /** A test may put another one in its place. */
  keeper: TestKeeper;
  /** Lets the keeper look at every service, or at one. */
  run(remainingMs?: () => number, only?: ServiceReference): Promise<void>;
  /** Lets it look at a service that CloudTrail says somebody has changed. */
  runAfterChange(only: ServiceReference, changedBy: Remover): Promise<void>;
  /** ARNs of the services that were changed. */
  updated(): readonly unknown[];
  errorsAre(...names: readonly RegExp[]): void;
}

export function useKeptServices(): () => KeptServices {
  const ecs = useFakeEcs();
  let kept: KeptServices;
  beforeEach(() => {
    const world = keeperWorld();
    kept = {
      ecs: ecs(),
      world,
      keeper: testKeeper(ecs(), world),
      run: (remainingMs = A_LONG_TIME, only) => runKeeper(kept.keeper, remainingMs, only),
      runAfterChange: (only, changedBy) => runKeeper(kept.keeper, A_LONG_TIME, only, changedBy),
      updated: () => kept.ecs.updates().map(({ service }) => service),
      errorsAre(...names) {
        const { errors } = kept.keeper;
        assert.equal(errors.length, names.length, JSON.stringify(errors));
        for (const [index, name] of names.entries()) assert.match(errors[index]?.[0] ?? "", name);
      },
    };
  });
  return () => kept;
}
