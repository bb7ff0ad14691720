/** What the commands that give an order answer with. */
export const GIVE_EXIT_CODES: readonly string[] = [
  "0 the order is given",
  "2 not given: AWS refused, or did not answer",
  "64 the call or the outputs cannot be used, or the environment does not allow it; nothing was done",
];
