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
      /** Only about signatures of this profile version. */
      readonly profileVersionArn?: string;
    };

/** Stores the current fault, and counts its uses. */
export interface Faults {
  set(fault: RevocationFault | undefined): void;
  /** The fault for the next request, which asks about a profile version. */
  next(profileVersionArn: string | null): RevocationFault | undefined;
}

export function makeFaults(): Faults {
  let current: RevocationFault | undefined;
  let left = 0;

  return {
    set: (fault) => {
      current = fault;
      left = (typeof fault === "object" ? fault.times : undefined) ?? Number.POSITIVE_INFINITY;
    },
    next: (profileVersionArn) => {
      if (left <= 0 || (isSelective(current) && current.profileVersionArn !== profileVersionArn)) return undefined;
      left -= 1;
      return current;
    },
  };
}

function isSelective(fault: RevocationFault | undefined): fault is RevocationFault & { profileVersionArn: string } {
  return typeof fault === "object" && "profileVersionArn" in fault && fault.profileVersionArn !== undefined;
}
