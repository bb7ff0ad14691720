/**
 * What keeps something from being done:
 * - `input`: what was asked for, or a file of it, cannot be used;
 * - `answer`: nothing failed, and the answer is no;
 * - `busy`: it is in use by another, and may work later;
 * - `cancelled`: the caller ended it;
 * - `failure`: something that it needs is missing, or failed.
 */
export type Fault = "input" | "answer" | "busy" | "cancelled" | "failure";

/**
 * An error that a person can do something about. The message is all that they need: what was wrong, where, what is
 * allowed, what to do. Any other error is a surprise, of which the stack is worth seeing.
 */
export abstract class FixableError extends Error {
  /** A getter, which is no own property: it stays out of where an error's facts are printed. */
  abstract get fault(): Fault;
}
