/**
 * How GetRevocationStatus goes wrong: an answer, or a connection that is reset or never answered. Always, or `times`
 * times.
 */
export type RevocationFault =
  | "reset"
  | "hang"
  | { readonly connection: "reset" | "hang"; readonly times?: number }
  | {
      readonly status: number;
      /** Such as `AccessDeniedException`. */
      readonly type: string;
      /** AWS gives some refusals no text at all. */
      readonly message?: string;
      readonly times?: number;
    };

/** Holds the fault in force, and counts. */
export interface Faults {
  set(fault: RevocationFault | undefined): void;
  /** The fault for the next request. */
  next(): RevocationFault | undefined;
}

export function makeFaults(): Faults {
  let current: RevocationFault | undefined;
  let left = 0;

  return {
    set: (fault) => {
      current = fault;
      left = (typeof fault === "object" ? fault.times : undefined) ?? Number.POSITIVE_INFINITY;
    },
    next: () => {
      if (left <= 0) return undefined;
      left -= 1;
      return current;
    },
  };
}
