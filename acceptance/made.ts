/** Something that has to be removed in the end. */
export interface Made {
  readonly what: string;
  /** How a person removes it: a command. */
  readonly byHand: string;
  remove(): Promise<void>;
}

/** What has been made and is still there. */
export interface MadeThings {
  /** To be called before the making begins: half of it may be there when that fails. */
  add(made: Made): void;
  /** Removes all, the last first; what cannot be removed stays among those left. */
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

/** What is left, and how it is removed, for people; undefined if nothing is. */
export function leftText(left: readonly Made[]): string | undefined {
  if (left.length === 0) return undefined;
  return [
    "Left over, to be removed manually:",
    ...left.flatMap(({ what, byHand }) => [`  ${what}`, `    ${byHand}`]),
  ].join("\n");
}
