import type { DeploymentLifecycleHook, Service, ServiceDeploymentBrief } from "@aws-sdk/client-ecs";
import type { AwsAnswers } from "../../local/aws-answers";
import type { LocalDeployment } from "../../local/ecs-deployments";

/** What ECS says about a service and its deployments. Times are those of the deployments. */
export interface DeployedService {
  readonly current?: readonly LocalDeployment[];
  /** The newest first. */
  readonly history?: readonly (LocalDeployment & Pick<ServiceDeploymentBrief, "status" | "statusReason">)[];
  readonly hooks?: readonly DeploymentLifecycleHook[];
  readonly fields?: Partial<Service>;
}

/** The services of one cluster in a stand-in for ECS, beside their revisions and deployments. */
export interface DeployedServices {
  readonly answers: AwsAnswers;
  /** Adds a service, or replaces it; gives its ARN. */
  put(name: string, service?: DeployedService): string;
  clear(): void;
}

/**
 * Answers ListClusters, ListServices, DescribeServices and ListServiceDeployments.
 *
 * @param at when all deployments were created, in milliseconds since 1970.
 */
export function deployedServices(head: string, cluster: string, at: () => number): DeployedServices {
  const services = new Map<string, DeployedService>();
  const clusterArn = `${head}:cluster/${cluster}`;
  const arnOf = (name: string) => `${head}:service/${cluster}/${name}`;
  const nameOf = (given: unknown) => String(given).split("/").at(-1) ?? "";

  function describe(name: string): object {
    const { current = [], hooks = [], fields = {} } = services.get(name) ?? {};
    return {
      serviceArn: arnOf(name),
      serviceName: name,
      clusterArn,
      status: "ACTIVE",
      taskDefinition: `${head}:task-definition/${name}:1`,
      currentServiceRevisions: current.map(({ revisionArn: arn }) => ({ arn, runningTaskCount: 1 })),
      deploymentConfiguration: { lifecycleHooks: hooks },
      ...fields,
    };
  }

  return {
    put(name, service = {}) {
      services.set(name, service);
      return arnOf(name);
    },
    clear: () => services.clear(),
    answers: {
      "ECS.ListClusters": () => ({ clusterArns: [clusterArn] }),
      "ECS.ListServices": () => ({ serviceArns: [...services.keys()].map(arnOf) }),
      "ECS.DescribeServices": ({ services: asked }) => {
        const names = (asked as string[]).map(nameOf);
        return {
          services: names.filter((name) => services.has(name)).map(describe),
          failures: names.flatMap((name) => (services.has(name) ? [] : [{ arn: arnOf(name), reason: "MISSING" }])),
        };
      },
      "ECS.ListServiceDeployments": ({ service, status }) => {
        const wanted = status as readonly string[] | undefined;
        const { history = [] } = services.get(nameOf(service)) ?? {};
        return {
          serviceDeployments: history
            .filter((one) => wanted === undefined || wanted.includes(one.status ?? ""))
            .map(({ deploymentArn, revisionArn, status: state, statusReason }) => ({
              serviceDeploymentArn: deploymentArn,
              targetServiceRevisionArn: revisionArn,
              status: state,
              statusReason,
              createdAt: at() / 1000,
            })),
        };
      },
    },
  };
}
