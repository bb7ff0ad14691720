import {
  CreateServiceCommand,
  DeleteServiceCommand,
  type DeploymentLifecycleHook,
  DescribeServiceDeploymentsCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { listDeployments } from "../../automation/operations/gate/service-revisions";
import { describeService } from "../../verifier/src/gate/attachment/list-services";
import { hooksOf } from "../../verifier/src/gate/attachment/plan";
import type { Context } from "../context";
import type { Clock } from "./clock";

/** A service of one task, with the strategy ROLLING. */
export interface GatedService {
  readonly deploy: (taskDefinition: string) => Promise<void>;
  readonly setHooks: (hooks: readonly DeploymentLifecycleHook[]) => Promise<void>;
  readonly readHooks: () => Promise<readonly DeploymentLifecycleHook[]>;
  /** The ARNs of its deployments, the newest first. */
  readonly listDeployments: () => Promise<readonly string[]>;
  /** Waits until the newest deployment that is not one of the earlier ones has ended. */
  readonly waitForDeployment: (earlier: readonly string[]) => Promise<ServiceDeployment>;
  /** How many tasks of a task definition it has had, as long as ECS knows them: about an hour after their end. */
  readonly countTasks: (taskDefinition: string) => Promise<number>;
}

/** For Fargate and ECS's own steps. */
const LIMIT_MS = 10 * 60_000;
const POLL_MS = 5_000;

/** The states in which a deployment stays (API reference, ServiceDeployment). */
const ENDED: ReadonlySet<string> = new Set(["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"]);

export interface GatedServiceOptions {
  readonly name: string;
  readonly taskDefinition: string;
  readonly hooks: readonly DeploymentLifecycleHook[];
  readonly clock: Clock;
}

/** Creates the service; it is removed with everything else, without its hooks. */
export async function createGatedService(
  { clients: { ecs }, place, options, made, signal }: Context,
  { name, taskDefinition, hooks, clock }: GatedServiceOptions,
): Promise<GatedService> {
  const { cluster, region } = place;
  const { subnet, securityGroup = [], publicIp, launchType } = options;
  made.add({
    what: `the service ${name}`,
    byHand: `aws ecs delete-service --region ${region} --cluster ${cluster} --service ${name} --force`,
    remove: () => removeService(ecs, cluster, name),
  });
  const network = {
    subnets: [...subnet],
    ...(securityGroup.length === 0 ? {} : { securityGroups: [...securityGroup] }),
    ...(launchType === "FARGATE" ? { assignPublicIp: publicIp ? ("ENABLED" as const) : ("DISABLED" as const) } : {}),
  };
  await ecs.send(
    new CreateServiceCommand({
      cluster,
      serviceName: name,
      taskDefinition,
      desiredCount: 1,
      launchType,
      networkConfiguration: { awsvpcConfiguration: network },
      deploymentConfiguration: { strategy: "ROLLING", lifecycleHooks: [...hooks] },
    }),
  );
  const listNewest = () => listNewestDeployments(ecs, cluster, name);
  return {
    deploy: async (next) =>
      void (await ecs.send(new UpdateServiceCommand({ cluster, service: name, taskDefinition: next }))),
    setHooks: (next) => setHooks(ecs, cluster, name, next),
    readHooks: async () => hooksOf((await describeService(ecs, { cluster, service: name })) ?? {}),
    listDeployments: listNewest,
    async waitForDeployment(earlier) {
      const deadline = clock.now() + LIMIT_MS;
      for (;;) {
        const newest = (await listNewest()).find((arn) => !earlier.includes(arn));
        const found = newest === undefined ? undefined : await describeDeployment(ecs, newest);
        if (found !== undefined && ENDED.has(found.status ?? "")) return found;
        if (clock.now() >= deadline) {
          throw new Error(
            `After ${LIMIT_MS / 60_000} min ${newest ?? "the deployment"} is ${found?.status ?? "unknown"}.`,
          );
        }
        await clock.pause(POLL_MS, signal);
      }
    },
    async countTasks(definition) {
      // ECS lists by service or by family, and refuses both at once.
      const lists = (["RUNNING", "STOPPED"] as const).map((desiredStatus) =>
        ecs.send(new ListTasksCommand({ cluster, serviceName: name, desiredStatus })),
      );
      const tasks = (await Promise.all(lists)).flatMap(({ taskArns = [] }) => taskArns);
      if (tasks.length === 0) return 0;
      const { tasks: found = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks }));
      return found.filter(({ taskDefinitionArn }) => taskDefinitionArn === definition).length;
    },
  };
}

async function setHooks(ecs: ECSClient, cluster: string, service: string, hooks: readonly DeploymentLifecycleHook[]) {
  const deploymentConfiguration = { lifecycleHooks: [...hooks] };
  await ecs.send(new UpdateServiceCommand({ cluster, service, deploymentConfiguration }));
}

async function listNewestDeployments(ecs: ECSClient, cluster: string, service: string): Promise<readonly string[]> {
  const found: ServiceDeploymentBrief[] = [];
  for await (const one of listDeployments(ecs, { clusterArn: cluster, serviceArn: service })) found.push(one);
  return found
    .toSorted((one, other) => (other.createdAt?.getTime() ?? 0) - (one.createdAt?.getTime() ?? 0))
    .flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []);
}

async function describeDeployment(ecs: ECSClient, arn: string): Promise<ServiceDeployment | undefined> {
  const asked = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] });
  return (await ecs.send(asked)).serviceDeployments?.[0];
}

/** The gate cannot be removed while a service has its hook. */
async function removeService(ecs: ECSClient, cluster: string, service: string): Promise<void> {
  try {
    await setHooks(ecs, cluster, service, []);
    await ecs.send(new DeleteServiceCommand({ cluster, service, force: true }));
  } catch (error) {
    if (!(error instanceof Error) || !/^Service(NotFound|NotActive)Exception$/.test(error.name)) throw error;
  }
}
