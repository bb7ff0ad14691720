import { environmentOfStack } from "./configuration/stack-environment";

/** The Pulumi program: makes one environment from the stack's configuration. */
export = environmentOfStack;
