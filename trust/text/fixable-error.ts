/**
 * What keeps something from being done:
 * - `input`: what was asked for, or a file of it, cannot be used;
 * - `answer`: nothing failed, and the answer is no;
 * - `busy`: it is in use by another, and may work later;
 * - `cancelled`: the caller ended it;
 * - `failure`: something that it needs is missing, or failed.
 */
export type Fault = "input" | "answer" | "busy" | "cancelled" | "failure";

/** What a person needs in order to put something right. */
export interface Explanation {
  /** The key, option or file that it is about. */
  readonly where?: string | undefined;
  /** What is wrong: a sentence. */
  readonly what: string;
  /** What may stand there, without a full stop. */
  readonly allowed?: string | undefined;
  /** What to do: a sentence. */
  readonly fix?: string | undefined;
}

/** What caused an error: `ErrorOptions` of ES2022, which a program that uses these types may not have. */
export interface ErrorCause {
  readonly cause?: unknown;
}

/** An explanation in one line. */
export function explained({ where, what, allowed, fix }: Explanation): string {
  return [
    where === undefined ? what : `${where}: ${what}`,
    ...(fix === undefined ? [] : [fix]),
    ...(allowed === undefined ? [] : [`Allowed: ${allowed}.`]),
  ].join(" ");
}

/** An explanation with a line for each part, to stand among others. */
export function explainedInLines({ where, what, allowed, fix }: Explanation): string {
  return [
    where === undefined ? what : `${where}: ${what}`,
    ...(allowed === undefined ? [] : [`  Allowed: ${allowed}.`]),
    ...(fix === undefined ? [] : [`  Fix: ${fix}`]),
  ].join("\n");
}

/** Several explanations below what they are about, which has them: "The trust document has 2 problems." */
export function explainedTogether(source: string, explanations: readonly Explanation[]): string {
  const count = explanations.length === 1 ? "one problem" : `${explanations.length} problems`;
  return [`${source} has ${count}.`, ...explanations.map(explainedInLines)].join("\n\n");
}

/**
 * An error that a person can do something about. The message is all that they need: what was wrong, where, what is
 * allowed, what to do. Any other error is a surprise, of which the stack is worth seeing.
 */
export abstract class FixableError extends Error {
  /** @param message All of it, or its parts. */
  constructor(message: string | Explanation, options?: ErrorCause) {
    super(typeof message === "string" ? message : explained(message), options);
  }

  /** A getter, which is no own property: it stays out of where an error's facts are printed. */
  abstract get fault(): Fault;
}
