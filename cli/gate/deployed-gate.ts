import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import type { Gate } from "../../automation/operations/gate/change-services";
import { UsageError } from "../lib/errors";

/** The gate of a deployed environment; undefined if it has none. */
export function gateOf(outputs: EnvironmentOutputs): Gate | undefined {
  const { gateTargetArn: targetArn, gateInvokerRoleArn: roleArn, gateMode: mode, gateEnforce: enforced = [] } = outputs;
  if (targetArn === undefined || roleArn === undefined || mode === undefined) return undefined;
  return { targetArn, roleArn, modes: { mode, enforced } };
}

/**
 * The gate of a deployed environment.
 *
 * @throws {@link UsageError} if it has none.
 */
export function deployedGate(outputs: EnvironmentOutputs): Gate {
  const gate = gateOf(outputs);
  if (gate !== undefined) return gate;
  throw new UsageError(
    `The environment ${outputs.environment} has no deployment gate: its outputs have no gateTargetArn, gateInvokerRoleArn and gateMode. ` +
      "Add `gate: {}` to its stack file (a gate in audit, attached to nothing), deploy it, and call this again; with --outputs, save its outputs again first.",
  );
}
