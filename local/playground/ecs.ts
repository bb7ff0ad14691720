import { lastPart } from "../../verifier/src/ecs/arn";
import type { AwsAnswers, AwsInput } from "../aws-answers";
import { AwsRefusal } from "../aws-answers";

/** A container of a task, with the digest that ECS has resolved. */
export interface PlayedContainer {
  readonly name: string;
  /** As in the task definition. */
  readonly image: string;
  readonly digest: string;
}

/** A service of the one cluster. */
export interface PlayedService {
  readonly name: string;
  /** How many tasks run. */
  readonly tasks: number;
  /** What each deployment brought, the newest last: that is what runs. */
  readonly deployments: readonly (readonly PlayedContainer[])[];
}

/** A task that was started by RunTask. */
export interface PlayedTask {
  readonly family: string;
  readonly containers: readonly PlayedContainer[];
}

export interface PlayedCluster {
  readonly region: string;
  readonly account: string;
  readonly name: string;
  readonly services: readonly PlayedService[];
  readonly tasks: readonly PlayedTask[];
}

/** A task definition of a family, in the order of its revisions. */
interface Revision {
  readonly family: string;
  readonly number: number;
  readonly containers: readonly PlayedContainer[];
}

/**
 * What ECS answers about one cluster in which nothing changes: clusters, services, their deployments and revisions, tasks and
 * task definitions.
 */
export function ecsAnswers({ region, account, name: cluster, services, tasks }: PlayedCluster): AwsAnswers {
  const arn = (resource: string) => `arn:aws:ecs:${region}:${account}:${resource}`;
  const clusterArn = arn(`cluster/${cluster}`);
  const serviceArn = (name: string) => arn(`service/${cluster}/${name}`);
  const revisionArn = ({ family, number }: Revision) => arn(`service-revision/${cluster}/${family}/${number}`);
  const taskDefinitionArn = ({ family, number }: Revision) => arn(`task-definition/${family}:${number}`);

  const revisionsOf = ({ name, deployments }: PlayedService): readonly Revision[] =>
    deployments.map((containers, index) => ({ family: name, number: index + 1, containers }));
  const ofServices = services.flatMap(revisionsOf);
  const ofTasks = tasks.map(({ family, containers }): Revision => ({ family, number: 1, containers }));
  const running = [
    ...services.flatMap((service) => {
      const newest = revisionsOf(service).at(-1);
      const group = `service:${service.name}`;
      return newest === undefined ? [] : Array.from({ length: service.tasks }, () => ({ group, revision: newest }));
    }),
    ...ofTasks.map((revision) => ({ group: `family:${revision.family}`, revision })),
  ].map((task, index) => ({ ...task, arn: arn(`task/${cluster}/${String(index + 1).padStart(32, "0")}`) }));

  function describeService(service: PlayedService): object {
    const current = revisionsOf(service).at(-1);
    return {
      serviceArn: serviceArn(service.name),
      serviceName: service.name,
      clusterArn,
      status: "ACTIVE",
      ...(current === undefined ? {} : { taskDefinition: taskDefinitionArn(current) }),
      currentServiceRevisions: current === undefined ? [] : [{ arn: revisionArn(current), runningTaskCount: 1 }],
      deploymentConfiguration: { lifecycleHooks: [] },
    };
  }

  /** Refuses another cluster, as ECS does. */
  function checkCluster({ cluster: asked }: AwsInput): void {
    if (lastPart(String(asked)) !== cluster) throw new AwsRefusal("ClusterNotFoundException", "Cluster not found.");
  }

  return {
    "ECS.ListClusters": () => ({ clusterArns: [clusterArn] }),
    "ECS.ListServices": (input) => {
      checkCluster(input);
      return { serviceArns: services.map(({ name }) => serviceArn(name)) };
    },
    "ECS.DescribeServices": (input) => {
      checkCluster(input);
      const found = textsOf(input.services).map((asked) => ({
        arn: asked,
        service: services.find(({ name }) => name === lastPart(asked)),
      }));
      return {
        services: found.flatMap(({ service }) => (service === undefined ? [] : [describeService(service)])),
        failures: found.flatMap(({ arn: asked, service }) =>
          service === undefined ? [{ arn: asked, reason: "MISSING" }] : [],
        ),
      };
    },
    // All deployments were successful, and the newest comes first.
    "ECS.ListServiceDeployments": ({ service, status }) => ({
      serviceDeployments: (status === undefined || textsOf(status).includes("SUCCESSFUL") ? ofServices : [])
        .filter(({ family }) => family === lastPart(String(service)))
        .reverse()
        .map((revision) => ({
          serviceDeploymentArn: arn(`service-deployment/${cluster}/${revision.family}/${revision.number}`),
          targetServiceRevisionArn: revisionArn(revision),
          status: "SUCCESSFUL",
        })),
    }),
    "ECS.DescribeServiceRevisions": ({ serviceRevisionArns }) => ({
      serviceRevisions: ofServices
        .filter((revision) => textsOf(serviceRevisionArns).includes(revisionArn(revision)))
        .map((revision) => ({
          serviceRevisionArn: revisionArn(revision),
          taskDefinition: taskDefinitionArn(revision),
          containerImages: revision.containers.map(({ name, image, digest }) => ({
            containerName: name,
            image,
            imageDigest: digest,
          })),
        })),
    }),
    "ECS.DescribeTaskDefinition": ({ taskDefinition: asked }) => {
      const found = [...ofServices, ...ofTasks].find((revision) => taskDefinitionArn(revision) === asked);
      if (found === undefined) throw new AwsRefusal("ClientException", "Unable to describe task definition.");
      const containerDefinitions = found.containers.map(({ name, image }) => ({ name, image }));
      return { taskDefinition: { taskDefinitionArn: asked, containerDefinitions } };
    },
    "ECS.ListTasks": (input) => {
      checkCluster(input);
      const isWanted = ({ revision: { family } }: (typeof running)[number]) =>
        input.desiredStatus !== "STOPPED" && (input.family === undefined || input.family === family);
      return { taskArns: running.filter(isWanted).map((task) => task.arn) };
    },
    "ECS.DescribeTasks": (input) => {
      checkCluster(input);
      const tasksAsked = running.filter((task) => textsOf(input.tasks).includes(task.arn));
      return { tasks: tasksAsked.map(describeTask), failures: [] };
    },
  };

  function describeTask({ arn: taskArn, group, revision }: (typeof running)[number]): object {
    return {
      taskArn,
      clusterArn,
      taskDefinitionArn: taskDefinitionArn(revision),
      group,
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
      version: 4,
      containers: revision.containers.map(({ name, image, digest }) => ({
        name,
        image,
        imageDigest: digest,
        lastStatus: "RUNNING",
        runtimeId: `${name}-1`,
      })),
    };
  }
}

function textsOf(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
}
