/** The request of the schedule. */
export const KEEPER_REQUEST = { check: "keeper" } as const;

/** The request of the resource that is deleted before the gate, and the answer to it. */
export const REMOVAL_REQUEST = { check: "removal" } as const;
