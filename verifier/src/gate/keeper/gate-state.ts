import { GetFunctionConfigurationCommand, type LambdaClient, ResourceNotFoundException } from "@aws-sdk/client-lambda";
import { describeAwsError } from "../../aws-error";
import type { GateState } from "./keeper";

/**
 * Whether the gate's function can answer ECS: its state is Active, and its last update has not failed (Lambda developer
 * guide, "Lambda function states"). Needs `lambda:GetFunctionConfiguration` on its alias.
 */
export async function readGateState(lambda: LambdaClient, targetArn: string): Promise<GateState> {
  try {
    const { State, StateReason, LastUpdateStatus, LastUpdateStatusReason } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: targetArn }),
    );
    if (State !== undefined && State !== "Active") {
      return { state: "not-active", why: `its state is ${State}: ${StateReason ?? "no reason given"}` };
    }
    if (LastUpdateStatus === "Failed") {
      return { state: "not-active", why: `its last update failed: ${LastUpdateStatusReason ?? "no reason given"}` };
    }
    return { state: "active" };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return { state: "not-active", why: "there is no such function" };
    return { state: "unknown", why: describeAwsError(error) };
  }
}
