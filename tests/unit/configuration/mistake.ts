import assert from "node:assert/strict";
import { ConfigurationError } from "../../../configuration/problem";
import type { ConfigurationSource } from "../../../configuration/read";

import program = require("../../../index");

import { type Registered, runProgram } from "../components/run-program";
import { refusedByStackSchema } from "./stack-schema";
import { LEAST, sourceOf } from "./support";

/** A mistake in a stack's file, and what is said of it. */
export interface Mistake {
  readonly title: string;
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly more?: Partial<ConfigurationSource>;
  /** The keys of the problems, and what is said of each. */
  readonly expected: readonly (readonly [string, RegExp])[];
}

/**
 * What is said of mistakes that the JSON Schema cannot refuse: they are between values, or depend on the account, the region or
 * the day, or are of a form that no pattern can say. docs/configuration.md lists them.
 */
const BEYOND_SCHEMA: readonly RegExp[] = [
  /event pattern of/,
  /IAM allows 6144/,
  /Lambda allows 4096/,
  /cannot be used/,
  /has passed/,
  /in the partition aws-us-gov|another partition than/,
  /is not longer than breakGlass/,
  /not a cluster of account|is not in account|is not a role of account|cannot be watched/,
  /not in one of the watched clusters/,
  /contradicts|does not fit|no service, and|at least twice|does not make/,
  /is required by notifications/,
  /is not in ECR in/,
  /is of this stack|that nobody has signed/,
];

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

function isBeyondSchema({ expected }: Mistake): boolean {
  return expected.every(([, said]) => BEYOND_SCHEMA.some((one) => one.test(said.source.replaceAll("\\", ""))));
}

/** A mistake as it stands in a stack's file. */
function asFile({ changes, more = {} }: Mistake): unknown {
  const { region = undefined, secretKeys = new Set() } = { region: "eu-west-1", ...more };
  const entries = Object.entries({ ...LEAST, ...changes }).map(([key, value]) => [
    `ecs-image-verification:${key}`,
    secretKeys.has(key) ? { secure: "v1:..." } : value,
  ]);
  return { config: { "aws:region": region, ...Object.fromEntries(entries) } };
}

/** Tests for each mistake: it is told with its key, and nothing is made; and an editor shows it, if a schema can say it. */
export function areTold(mistakes: readonly Mistake[]): void {
  for (const mistake of mistakes) {
    const isBeyond = isBeyondSchema(mistake) || mistake.more?.secretKeys !== undefined;
    it(`${mistake.title}: ${isBeyond ? "not for" : "refused by"} the JSON Schema`, () => {
      const refused = refusedByStackSchema(asFile(mistake));

      assert.equal(refused.length === 0, isBeyond, refused.join("\n"));
    });

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
