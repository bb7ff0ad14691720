import { areTold, type Mistake } from "./mistake";

const MISTAKES: readonly Mistake[] = [
  {
    title: "a sweep that is no mapping",
    changes: { sweep: true },
    expected: [["sweep", /must be a mapping[\s\S]*Allowed: a mapping; \{\}[\s\S]*remove the key to have no sweep/]],
  },
  {
    title: "a key with a typing error under the sweep",
    changes: { sweep: { everyHour: 6 } },
    expected: [["sweep.everyHour", /is not a key[\s\S]*Write everyHours\./]],
  },
  {
    title: "a mode of the sweep that is none",
    changes: { sweep: { mode: "stop" } },
    expected: [["sweep.mode", /"stop" must be "audit" or "enforce"/]],
  },
  ...[0, 25, 1.5, "6h"].map(
    (everyHours): Mistake => ({
      title: `a sweep every ${everyHours} hours`,
      changes: { sweep: { everyHours } },
      expected: [["sweep.everyHours", /must be a whole number from 1 to 24, in hours/]],
    }),
  ),
  {
    title: "a sweep that stops what the detector lets run",
    changes: { mode: "audit", sweep: { mode: "enforce" } },
    expected: [
      [
        "sweep.mode",
        /"enforce" does not fit the environment's mode, which is audit[\s\S]*stopped hours later[\s\S]*Allowed: audit; or enforce where mode is enforce too[\s\S]*Fix: Set sweep\.mode to audit, or set mode to enforce\./,
      ],
    ],
  },
];

describe("a mistake about the sweep is told with its key, and nothing is made:", () => areTold(MISTAKES));
