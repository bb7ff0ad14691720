/**
 * How GetRevocationStatus fails: an error response, or a connection that is reset or never answered. Always, or `times`
 * times.
 */
export type RevocationFault =
  | "reset"
  | "hang"
  | { readonly connection: "reset" | "hang"; readonly times?: number }
  | {
      readonly status: number;
      /** For example `AccessDeniedException`. */
      readonly type: string;
      /** AWS sends some errors without any text. */
      readonly message?: string;
      readonly times?: number;
    };

/** Stores the current fault, and counts its uses. */
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
