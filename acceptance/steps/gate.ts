import type { DeploymentLifecycleHook, ServiceDeployment } from "@aws-sdk/client-ecs";
import * as z from "zod";
import { stackName } from "../../automation/environments/settings";
import { readVerdicts } from "../../automation/operations/verdict-log";
import type { ReadRecord } from "../../automation/operations/verdict-record";
import { describeAwsError } from "../../verifier/src/aws-error";
import { AUDIT_TIMEOUT_MINUTES, GATE_STAGES } from "../../verifier/src/gate/hook";
import { type Context, foundBefore } from "../context";
import { defineStep, NotApplicableError } from "../step";
import { type Clock, realClock } from "./clock";
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
/** A line of the log can be found some time after it was written. */
const LOG_LIMIT_MS = 3 * 60_000;
const POLL_MS = 5_000;

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
      const { data: outputs } = gateOutputs.safeParse(foundBefore(context, "outputs"));
      if (outputs === undefined) throw new NotApplicableError("The environment has no gate that enforces.");
      const { gateTargetArn, gateInvokerRoleArn, gateLogGroup, signedTaskDefinitionArn: signed } = outputs;
      const unsigned = outputs.unsignedTaskDefinitionArn;
      const hook = { hookTargetArn: gateTargetArn, roleArn: gateInvokerRoleArn, lifecycleStages: [...GATE_STAGES] };
      const log = (deployment: ServiceDeployment, stages: readonly string[]) =>
        askedStages(context, { logGroup: gateLogGroup, since: begun, deployment, stages, clock });

      const name = `${stackName(context.settings)}-gated`;
      const service = await createGatedService(context, { name, taskDefinition: signed, hooks: [hook], clock });
      context.note("  waiting for the first deployment, of the signed sample");
      const first = expectStatus(await service.waitForDeployment([]), "SUCCESSFUL");
      const asked = await log(first, GATE_STAGES);
      if (!asked.some(({ stage }) => stage === "PRE_SCALE_UP")) {
        throw new Error(`ECS did not ask the gate before the first deployment. ${callsText(asked)}`);
      }

      const change = await changeHooks(context, service, hook, clock);
      const earlier = await service.listDeployments();
      await service.deploy(unsigned);
      context.note("  waiting for the deployment of the unsigned sample");
      const refused = expectStatus(await service.waitForDeployment(earlier), "ROLLBACK_SUCCESSFUL");
      const seconds = ((refused.finishedAt?.getTime() ?? 0) - (refused.createdAt?.getTime() ?? 0)) / 1000;
      const refusal = await log(refused, ["PRE_SCALE_UP"]);
      if (!refusal.some(({ stage, code }) => stage === "PRE_SCALE_UP" && code === "no-signature")) {
        throw new Error(`The gate did not refuse the unsigned sample at PRE_SCALE_UP. ${callsText(refusal)}`);
      }
      const tasks = await service.countTasks(familyOf(unsigned));
      if (tasks > 0) throw new Error(`ECS started ${tasks} tasks of the unsigned sample before it rolled back.`);

      const reason = `"${refused.statusReason ?? "no reason"}"`;
      const sources = JSON.stringify(refused.sourceServiceRevisions ?? []);
      return {
        text: `The signed sample was deployed. The unsigned one was rolled back after ${seconds.toFixed(0)} s without a task; ECS says ${reason}. ${callsText([...asked, ...refusal])}`,
        assumptions: {
          "gate-rolling": `ROLLBACK_SUCCESSFUL after ${seconds.toFixed(0)} s, no task of the refused revision; ${reason}`,
          "gate-post-scale-up": asked.some(({ stage }) => stage === "POST_SCALE_UP")
            ? "The gate was asked at POST_SCALE_UP."
            : `Not seen: no verdict at POST_SCALE_UP within ${LOG_LIMIT_MS / 1000} s.`,
          "gate-first-deployment": `CreateService asked the gate: ${callsText(asked)} A refused first deployment was not tried.`,
          "gate-timeout-configuration": change.timeout,
          "gate-source-revisions": `sourceServiceRevisions of the refused deployment, after it had ended: ${sources}`,
          "gate-update-starts-nothing": change.deployments,
        },
      };
    },
  });
}

/** Takes the hook away and attaches it as in audit, then as before. No deployment may follow. */
async function changeHooks({ signal }: Context, service: GatedService, hook: DeploymentLifecycleHook, clock: Clock) {
  const before = await service.listDeployments();
  await service.setHooks([]);
  const timeout = await tryTimeout(service, hook);
  await service.setHooks([hook]);
  await clock.pause(SHOWN_WITHIN_MS, signal);
  const started = (await service.listDeployments()).filter((arn) => !before.includes(arn));
  if (started.length > 0) throw new Error(`Changing the hooks of the service started ${started.join(", ")}.`);
  const deployments = `Taking the hook away and attaching it again started no deployment within ${SHOWN_WITHIN_MS / 1000} s.`;
  return { timeout, deployments };
}

/** Whether ECS takes the timeout of a hook in audit, and what it makes of it. */
async function tryTimeout(service: GatedService, hook: DeploymentLifecycleHook): Promise<string> {
  const timeoutConfiguration = { timeoutInMinutes: AUDIT_TIMEOUT_MINUTES, action: "CONTINUE" } as const;
  try {
    await service.setHooks([{ ...hook, timeoutConfiguration }]);
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

interface Asked {
  readonly logGroup: string;
  readonly since: Date;
  readonly deployment: ServiceDeployment;
  readonly stages: readonly string[];
  readonly clock: Clock;
}

/** The verdicts of the gate on a deployment, once the log has one of each stage, or the time is up. */
async function askedStages(
  { clients: { logs }, signal }: Context,
  { logGroup, since, deployment, stages, clock }: Asked,
): Promise<readonly ReadRecord[]> {
  const deadline = clock.now() + LOG_LIMIT_MS;
  for (;;) {
    const found: ReadRecord[] = [];
    for await (const record of readVerdicts({ client: logs, logGroup, since })) {
      if (record.deployment === deployment.serviceDeploymentArn) found.push(record);
    }
    const isComplete = stages.every((stage) => found.some((record) => record.stage === stage));
    if (isComplete || clock.now() >= deadline) return found;
    await clock.pause(POLL_MS, signal);
  }
}

/** What the gate was asked and answered, as its log has it. */
function callsText(records: readonly ReadRecord[]): string {
  if (records.length === 0) return "The gate's log has no verdict on it.";
  return records
    .map(({ stage, status, code, response, provisional, digest = "no digest" }) => {
      const how = provisional ? "provisional" : "by digest";
      return `${stage}: ${status}, ${code} (${how}, ${digest}), ${response}.`;
    })
    .join(" ");
}

/** The family in a task definition's ARN. */
function familyOf(taskDefinition: string): string {
  return taskDefinition.slice(taskDefinition.lastIndexOf("/") + 1).replace(/:\d+$/, "");
}
