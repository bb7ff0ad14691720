/**
 * The queues for failed events: `failure` if the function failed to process them, or could not finish them in their time in
 * the queue of postponed stops; `dead-letter` if they never reached it.
 */
export const QUEUE_KINDS = ["failure", "dead-letter"] as const;

export type QueueKind = (typeof QUEUE_KINDS)[number];
