import { randomUUID } from "node:crypto";
import type {
  CreateServiceCommandInput,
  DeploymentLifecycleHook,
  ListTasksCommandInput,
  UpdateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import { type AwsAnswers, type AwsInput, AwsRefusal } from "../../../local/aws-answers";
import { describeDeployment, type HookPlay, type PlayedDeployment, runDeployment } from "./played-deployment";

/** The services of a stand-in for ECS, which deploys them. */
export interface ServiceDeployments {
  /** The answers to the calls that are about these services, and to no other call: undefined. */
  answer(operation: string, input: AwsInput): unknown;
  /** ARNs of the services with a hook of this target. */
  using(targetArn: unknown): readonly string[];
  /** ARNs of all services. */
  list(): readonly string[];
}

interface DeployedService {
  readonly arn: string;
  readonly clusterArn: string;
  readonly name: string;
  hooks: readonly DeploymentLifecycleHook[];
  /** ARN of the revision that it runs. */
  running: string | undefined;
  readonly deployments: PlayedDeployment[];
}

/** Services of one task, each change of whose task definition is a deployment of its own: {@link runDeployment}. */
export function serviceDeployments(play: () => HookPlay): ServiceDeployments {
  const services = new Map<string, DeployedService>();
  const find = (named: unknown) => [...services.values()].find(({ arn, name }) => arn === named || name === named);
  const all = () => [...services.values()].flatMap(({ deployments }) => deployments);

  function deploy(service: DeployedService, taskDefinition: string): void {
    const id = randomUUID();
    const inService = (kind: string) => `${service.arn.replace(":service/", `:${kind}/`)}/${id}`;
    const deployment: PlayedDeployment = {
      serviceArn: service.arn,
      deploymentArn: inService("service-deployment"),
      revisionArn: inService("service-revision"),
      taskDefinition,
      source: service.running,
      createdAt: Date.now(),
      status: "IN_PROGRESS",
      hasStarted: false,
    };
    service.deployments.unshift(deployment);
    const { hooks } = service;
    void runDeployment(deployment, hooks, play()).then((isRunning) => {
      if (isRunning) service.running = deployment.revisionArn;
    });
  }

  const answers: AwsAnswers = {
    CreateService(input) {
      const {
        cluster = "",
        serviceName = "",
        taskDefinition = "",
        ...others
      } = input as Partial<CreateServiceCommandInput>;
      const arn = `${cluster.replace(":cluster/", ":service/")}/${serviceName}`;
      const hooks = others.deploymentConfiguration?.lifecycleHooks ?? [];
      const service = { arn, clusterArn: cluster, name: serviceName, hooks, running: undefined, deployments: [] };
      services.set(arn, service);
      deploy(service, taskDefinition);
      return { service: describe(service) };
    },
    UpdateService(input) {
      const { taskDefinition, deploymentConfiguration } = input as Partial<UpdateServiceCommandInput>;
      const service = find(input.service);
      if (service === undefined) return undefined;
      // A list that is left out is kept, an empty one clears.
      service.hooks = deploymentConfiguration?.lifecycleHooks ?? service.hooks;
      if (taskDefinition !== undefined) deploy(service, taskDefinition);
      return { service: describe(service) };
    },
    DescribeServices({ services: named }) {
      const found = textsOf(named).flatMap((one) => find(one) ?? []);
      return found.length === 0 ? undefined : { services: found.map(describe), failures: [] };
    },
    DeleteService({ service: named }) {
      const service = find(named);
      if (service === undefined) return undefined;
      services.delete(service.arn);
      return { service: { ...describe(service), status: "DRAINING" } };
    },
    ListServiceDeployments: ({ service }) => ({
      serviceDeployments: (find(service)?.deployments ?? []).map(describeDeployment),
    }),
    DescribeServiceDeployments: ({ serviceDeploymentArns }) => ({
      serviceDeployments: all()
        .filter(({ deploymentArn }) => textsOf(serviceDeploymentArns).includes(deploymentArn))
        .map(describeDeployment),
    }),
    DescribeServiceRevisions: ({ serviceRevisionArns }) => ({
      serviceRevisions: all()
        .filter(({ revisionArn }) => textsOf(serviceRevisionArns).includes(revisionArn))
        .map(({ revisionArn, taskDefinition }) => ({ serviceRevisionArn: revisionArn, taskDefinition })),
    }),
    ListTasks(input) {
      const { serviceName, family, desiredStatus = "RUNNING" } = input as ListTasksCommandInput;
      const service = find(serviceName);
      if (service === undefined) return undefined;
      if (family !== undefined) {
        throw new AwsRefusal("InvalidParameterException", "cannot specify serviceName with other arguments");
      }
      const started = service.deployments.filter(
        ({ hasStarted, revisionArn }) =>
          hasStarted && (revisionArn === service.running) === (desiredStatus === "RUNNING"),
      );
      return { taskArns: started.map(({ deploymentArn }) => taskOf(service, deploymentArn)) };
    },
    DescribeTasks({ tasks }) {
      const found = [...services.values()].flatMap((service) =>
        service.deployments.map(({ deploymentArn, taskDefinition }) => ({
          taskArn: taskOf(service, deploymentArn),
          taskDefinitionArn: taskDefinition,
        })),
      );
      const asked = found.filter(({ taskArn }) => textsOf(tasks).includes(taskArn));
      return asked.length === 0 ? undefined : { tasks: asked };
    },
  };

  return {
    answer: (operation, input) => answers[operation]?.(input),
    using: (targetArn) =>
      [...services.values()].flatMap(({ arn, hooks }) =>
        hooks.some(({ hookTargetArn }) => hookTargetArn === targetArn) ? [arn] : [],
      ),
    list: () => [...services.keys()],
  };
}

function describe({ arn, clusterArn, name, hooks }: DeployedService) {
  const deploymentConfiguration = { strategy: "ROLLING", lifecycleHooks: hooks };
  return { serviceArn: arn, clusterArn, serviceName: name, status: "ACTIVE", deploymentConfiguration };
}

function taskOf({ clusterArn }: DeployedService, deploymentArn: string): string {
  return `${clusterArn.replace(":cluster/", ":task/")}/${deploymentArn.slice(deploymentArn.lastIndexOf("/") + 1)}`;
}

function textsOf(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
}
