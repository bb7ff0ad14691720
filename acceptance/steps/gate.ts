import type { DeploymentLifecycleHook, ServiceDeployment } from "@aws-sdk/client-ecs";
import * as z from "zod";
import { stackName } from "../../automation/environments/settings";
import { describeAwsError } from "../../verifier/src/aws-error";
import { toLifecycleHook } from "../../verifier/src/gate/attachment/hooks";
import { GATE_STAGES } from "../../verifier/src/gate/hook";
import { type Context, foundBefore } from "../context";
import { defineStep } from "../step";
import { type Clock, realClock } from "./clock";
import { LOG_LIMIT_MS, readGateCalls } from "./gate-calls";
import { createGatedService, type GatedService } from "./gated-service";

/** The outputs of an environment with a gate and a sample. */
const gateOutputs = z.object({
  gateTargetArn: z.string(),
  gateInvokerRoleArn: z.string(),
  gateLogGroup: z.string(),
  gateMode: z.literal("enforce"),
  signedTaskDefinitionArn: z.string(),
  unsignedTaskDefinitionArn: z.string(),
});

/** How long a deployment that a change of the hooks starts may take to show. */
const SHOWN_WITHIN_MS = 20_000;

/** Deploys a signed and an unsigned image to a service with the gate's hook. */
export const gate = gateStep(realClock);

/** The step, with a clock. */
export function gateStep(clock: Clock) {
  return defineStep({
    id: "gate",
    title: "Deploy the signed and the unsigned sample to a service with the deployment gate",
    proves:
      "ECS asks the gate before it starts a task of a service with the strategy ROLLING: the signed sample is deployed, and the unsigned one is rolled back without one task.",
    needs: ["samples"],
    settles: [
      "gate-rolling",
      "gate-post-scale-up",
      "gate-first-deployment",
      "gate-timeout-configuration",
      "gate-source-revisions",
      "gate-update-starts-nothing",
    ],
    async run(context: Context) {
      const begun = new Date(clock.now());
      const outputs = gateOutputs.parse(foundBefore(context, "outputs"));
      const { gateTargetArn, gateInvokerRoleArn, gateLogGroup, signedTaskDefinitionArn: signed } = outputs;
      const unsigned = outputs.unsignedTaskDefinitionArn;
      const own = { targetArn: gateTargetArn, roleArn: gateInvokerRoleArn };
      const hook = toLifecycleHook({ ...own, mode: "enforce" });
      const log = (deployment: ServiceDeployment, stages: readonly string[]) =>
        readGateCalls(context, { logGroup: gateLogGroup, since: begun, deployment, stages, clock });

      const name = `${stackName(context.settings)}-gated`;
      const service = await createGatedService(context, { name, taskDefinition: signed, hooks: [hook], clock });
      context.note("  waiting for the first deployment, of the signed sample");
      const first = expectStatus(await service.waitForDeployment([]), "SUCCESSFUL");
      const asked = await log(first, GATE_STAGES);
      if (!asked.stages.includes("PRE_SCALE_UP")) {
        throw new Error(`ECS did not ask the gate before the first deployment. ${asked.text}`);
      }

      const change = await changeHooks(
        context,
        service,
        { hook, audited: toLifecycleHook({ ...own, mode: "audit" }) },
        clock,
      );
      const earlier = await service.listDeployments();
      await service.deploy(unsigned);
      context.note("  waiting for the deployment of the unsigned sample");
      const refused = expectStatus(await service.waitForDeployment(earlier), "ROLLBACK_SUCCESSFUL");
      const seconds = ((refused.finishedAt?.getTime() ?? 0) - (refused.createdAt?.getTime() ?? 0)) / 1000;
      const refusal = await log(refused, ["PRE_SCALE_UP"]);
      if (!refusal.records.some(({ stage, code }) => stage === "PRE_SCALE_UP" && code === "no-signature")) {
        throw new Error(`The gate did not refuse the unsigned sample at PRE_SCALE_UP. ${refusal.text}`);
      }
      const tasks = await service.countTasks(unsigned);
      if (tasks > 0) throw new Error(`ECS started ${tasks} tasks of the unsigned sample before it rolled back.`);

      const reason = `"${refused.statusReason ?? "no reason"}"`;
      const sources = JSON.stringify(refused.sourceServiceRevisions ?? []);
      return {
        text: `The signed sample was deployed. The unsigned one was rolled back after ${seconds.toFixed(0)} s without a task; ECS says ${reason}. The signed one: ${asked.text} The unsigned one: ${refusal.text}`,
        assumptions: {
          "gate-rolling": `ROLLBACK_SUCCESSFUL after ${seconds.toFixed(0)} s, no task of the refused revision; ${reason}`,
          "gate-post-scale-up": asked.stages.includes("POST_SCALE_UP")
            ? "The gate was asked at POST_SCALE_UP."
            : `Not seen: no call at POST_SCALE_UP within ${LOG_LIMIT_MS / 1000} s.`,
          "gate-first-deployment": `CreateService asked the gate: ${asked.text} A refused first deployment was not tried.`,
          "gate-timeout-configuration": change.timeout,
          "gate-source-revisions": `sourceServiceRevisions of the refused deployment, after it had ended: ${sources}`,
          "gate-update-starts-nothing": change.deployments,
        },
      };
    },
  });
}

/** Takes the hook away and attaches it as in audit, then as before. No deployment may follow. */
async function changeHooks(
  { signal }: Context,
  service: GatedService,
  { hook, audited }: { readonly hook: DeploymentLifecycleHook; readonly audited: DeploymentLifecycleHook },
  clock: Clock,
) {
  const before = await service.listDeployments();
  await service.setHooks([]);
  const timeout = await tryTimeout(service, audited);
  await service.setHooks([hook]);
  await clock.pause(SHOWN_WITHIN_MS, signal);
  const started = (await service.listDeployments()).filter((arn) => !before.includes(arn));
  if (started.length > 0) throw new Error(`Changing the hooks of the service started ${started.join(", ")}.`);
  const deployments = `Taking the hook away and attaching it again started no deployment within ${SHOWN_WITHIN_MS / 1000} s.`;
  return { timeout, deployments };
}

/** Whether ECS takes the timeout of a hook in audit, and what it makes of it. */
async function tryTimeout(service: GatedService, audited: DeploymentLifecycleHook): Promise<string> {
  try {
    await service.setHooks([audited]);
    const [found] = await service.readHooks();
    return `ECS took it, and shows ${JSON.stringify(found?.timeoutConfiguration ?? null)}.`;
  } catch (error) {
    return `ECS refused it: ${describeAwsError(error)}`;
  }
}

function expectStatus(deployment: ServiceDeployment, status: string): ServiceDeployment {
  if (deployment.status === status) return deployment;
  const { serviceDeploymentArn, statusReason = "no reason" } = deployment;
  throw new Error(`${serviceDeploymentArn} should be ${status}, and is ${deployment.status}: ${statusReason}`);
}
