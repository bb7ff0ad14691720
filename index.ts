import { environmentProgram } from "./configuration/program";
import { pulumiSource } from "./configuration/pulumi-source";

/** The Pulumi program: one environment, as the stack's configuration has it. */
const program = () => environmentProgram(pulumiSource);

export = program;
