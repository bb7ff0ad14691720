/** How often SQS gives the worker of a sweep an image before it moves the message to the dead-letter queue. */
export const SWEEP_ATTEMPTS = 5;
