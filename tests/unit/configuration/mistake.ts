import assert from "node:assert/strict";
import { ConfigurationError } from "../../../configuration/problem";
import type { ConfigurationSource } from "../../../configuration/read";

import program = require("../../../index");

import { type Registered, runProgram } from "../components/run-program";
import { sourceOf } from "./support";

/** A mistake in a stack's file, and what is said of it. */
export interface Mistake {
  readonly title: string;
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly more?: Partial<ConfigurationSource>;
  /** The keys of the problems, and what is said of each. */
  readonly expected: readonly (readonly [string, RegExp])[];
}

/** Runs the program with a mistake; gives its error and what it had registered by then. */
async function deploy({ changes, more }: Mistake) {
  const { values, secretKeys, region } = sourceOf(changes, more);
  const config = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`ecs-image-verification:${key}`, value]),
  );
  const registered: Registered[] = [];
  const error = await runProgram(program, {
    config: region === undefined ? config : { ...config, "aws:region": region },
    secretKeys: [...secretKeys].map((key) => `ecs-image-verification:${key}`),
    registered,
  }).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  return { error, made: registered.filter(({ type }) => type !== "pulumi:pulumi:Stack") };
}

/** A test for each mistake: it is told with its key, and nothing is made. */
export function areTold(mistakes: readonly Mistake[]): void {
  for (const mistake of mistakes) {
    it(mistake.title, async () => {
      const { error, made } = await deploy(mistake);

      assert.deepEqual(made, []);
      assert.ok(error instanceof ConfigurationError, String(error));
      const { expected } = mistake;
      const full = expected.map(([key]) => (key.includes(":") ? key : `ecs-image-verification:${key}`));
      assert.deepEqual(
        error.problems.map(({ key }) => key),
        full,
      );
      const [, ...parts] = error.message.split("\n\n");
      for (const [index, [, said]] of expected.entries()) assert.match(parts[index] ?? "", said);
    });
  }
}
