import { environmentProgram } from "./configuration/program";
import { pulumiSource } from "./configuration/pulumi-source";

/** The Pulumi program: makes one environment from the stack's configuration. */
const program = () => environmentProgram(pulumiSource);

export = program;
