/** Upper limit for the names that the stack gives to tables, topics, queues and log groups. */
export const LONGEST_NAME = 80;

/** The most characters of an environment's name (verifier/src/behaviour.ts). */
export const LONGEST_ENVIRONMENT = 64;
