/** A resource that must be removed at the end. */
export interface Made {
  readonly what: string;
  /** How a person removes it: a command. */
  readonly byHand: string;
  remove(): Promise<void>;
}

/** Resources that were created and still exist. */
export interface MadeThings {
  /** Call this before creating the resource: it may be half created if that fails. */
  add(made: Made): void;
  /** Removes all, last first; those that cannot be removed stay in the list. */
  removeAll(): Promise<readonly { readonly made: Made; readonly error: unknown }[]>;
  left(): readonly Made[];
}

export function madeThings(): MadeThings {
  let all: readonly Made[] = [];
  return {
    add(made) {
      all = [...all, made];
    },
    async removeAll() {
      const failures = [];
      for (const made of all.toReversed()) {
        try {
          await made.remove();
          all = all.filter((one) => one !== made);
        } catch (error) {
          failures.push({ made, error });
        }
      }
      return failures;
    },
    left: () => all,
  };
}

/** The remaining resources and how to remove them, for people; undefined if there are none. */
export function leftText(left: readonly Made[]): string | undefined {
  if (left.length === 0) return undefined;
  return [
    "Left over, to be removed manually:",
    ...left.flatMap(({ what, byHand }) => [`  ${what}`, `    ${byHand}`]),
  ].join("\n");
}
