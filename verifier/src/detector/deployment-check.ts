import * as z from "zod";
import { parseJson } from "../../../trust/text/parse-json";
import type { RepositoryWarning } from "../verification/registry/check-repositories";
import { REASON_CODES, type ReasonCode } from "../verification/verdict";

const requestSchema = z.object({ check: z.literal("deployment"), settings: z.string() });

/** The request with which a deployment invokes the function. */
export type DeploymentCheckRequest = z.infer<typeof requestSchema>;

/** Asks the function whether it runs with the settings of this hash, and which repositories it cannot read. */
export function deploymentCheckRequest(settings: string): DeploymentCheckRequest {
  return { check: "deployment", settings };
}

/** The request, if the function was invoked with one: no event of EventBridge or SQS has these keys. */
export function parseDeploymentCheckRequest(event: unknown): DeploymentCheckRequest | undefined {
  return requestSchema.safeParse(event).data;
}

/** The function is not the one that was deployed. Lambda returns the message to the deployment, which fails with it. */
export class DeploymentCheckError extends Error {
  override readonly name = "DeploymentCheckError";
}

/**
 * Compares what runs with what was deployed: after a failed update of the function, Pulumi's state can have the new
 * image while Lambda runs the old one (terraform-provider-aws#49310, pulumi#1836).
 *
 * @param running hash of the settings that the function runs with.
 * @param deployed hash of the settings of the deployment.
 * @throws {@link DeploymentCheckError} if they differ.
 */
export function checkRunningSettings(running: string, deployed: string): void {
  if (running === deployed) return;
  throw new DeploymentCheckError(
    "The function does not run with the settings of this deployment: it still has an earlier image, as after a failed " +
      `update of the function. Run: pulumi up --refresh. (Hash of its settings: ${running}; of the deployment's: ${deployed}.)`,
  );
}

/** The response of the function. */
export interface DeploymentCheckResult {
  readonly warnings: readonly RepositoryWarning[];
}

const resultSchema = z.object({
  warnings: z.array(
    z.object({
      repository: z.string(),
      code: z.custom<ReasonCode>((value) => REASON_CODES.some((code) => code === value)),
      detail: z.string(),
    }),
  ),
});

/** Reads the function's response; undefined if it is not one of these. */
export function parseDeploymentCheckResult(text: string): DeploymentCheckResult | undefined {
  return resultSchema.safeParse(parseJson(text)).data;
}
