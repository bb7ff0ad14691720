/** What was done before is not known, so nothing may be done. */
export class LedgerUnavailableError extends Error {
  override readonly name = "LedgerUnavailableError";
}

/** What a ledger does with a call that failed, for those who must not go on without its table. */
export function refuseWithoutLedger(reason: string): never {
  throw new LedgerUnavailableError(`The ledger could not be reached: ${reason}`);
}
