/** The oldest supported Pulumi CLI: the version that the tests use. `Pulumi.yaml` requires it, too. */
export const MINIMAL_PULUMI = "3.259.0";
