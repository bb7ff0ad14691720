import * as z from "zod";
import { DEFAULT_INTERVAL_HOURS, LONGEST_INTERVAL_HOURS } from "../components/interval";
import { oneOf, wholeNumber } from "../trust/text/fields";
import { SWEEP_MODES } from "../verifier/src/sweep/mode";

/** The sweep of what runs. Without the key there is none. docs/configuration.md explains each key. */
export const sweep = z.strictObject({
  everyHours: wholeNumber(1, LONGEST_INTERVAL_HOURS, "hours").default(DEFAULT_INTERVAL_HOURS),
  mode: oneOf(...SWEEP_MODES).default("audit"),
});
