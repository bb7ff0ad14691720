import { type AwsAnswers, AwsRefusal } from "./aws-answers";

/** A container of a revision. Without a digest ECS has resolved none yet. */
export interface RevisionContainer {
  readonly name: string;
  readonly image: string;
  readonly digest?: string;
}

/** Where the services are. */
export interface ServicePlace {
  readonly region: string;
  readonly account: string;
  readonly cluster: string;
}

/** A deployment of a service. */
export interface LocalDeployment {
  readonly serviceArn: string;
  readonly deploymentArn: string;
  readonly revisionArn: string;
}

/** The services, their revisions and deployments in a stand-in for ECS. */
export interface LocalDeployments {
  readonly answers: AwsAnswers;
  /** A service is deployed; what it has run so far, if anything, is what the deployment comes from. */
  deploy(service: string, containers: readonly RevisionContainer[]): LocalDeployment;
  /** ECS has resolved the digests of the deployment's containers. */
  resolve(deployment: LocalDeployment, containers: readonly RevisionContainer[]): void;
  /** Tasks of the deployment run, beside those that ran before. */
  start(deployment: LocalDeployment): void;
  /** The deployment has succeeded: its revision is what the service runs from now on. */
  complete(deployment: LocalDeployment): void;
}

/** A stand-in for ECS that knows what {@link LocalDeployments.deploy} was called for. Time is that of `now`. */
export function localDeployments({ region, account, cluster }: ServicePlace, now: () => number): LocalDeployments {
  const arn = (path: string) => `arn:aws:ecs:${region}:${account}:${path}`;
  const revisions = new Map<
    string,
    { readonly taskDefinition: string; readonly containers: readonly RevisionContainer[] }
  >();
  const deployments = new Map<
    string,
    { readonly target: string; readonly sources: readonly string[]; readonly at: number }
  >();
  /** ARNs of the revisions that tasks run of, by service. */
  const running = new Map<string, readonly string[]>();
  const successful = new Set<string>();
  let number = 0;

  const revisionOf = (revisionArn: string) => {
    const { taskDefinition, containers } = revisions.get(revisionArn) ?? { taskDefinition: "", containers: [] };
    return {
      serviceRevisionArn: revisionArn,
      taskDefinition,
      containerImages: containers.flatMap(({ name, image, digest }) =>
        digest === undefined ? [] : [{ containerName: name, image, imageDigest: digest }],
      ),
    };
  };

  return {
    deploy(service, containers) {
      number += 1;
      const serviceArn = arn(`service/${cluster}/${service}`);
      const revisionArn = arn(`service-revision/${cluster}/${service}/${number}`);
      const deploymentArn = arn(`service-deployment/${cluster}/${service}/d${number}`);
      revisions.set(revisionArn, { taskDefinition: arn(`task-definition/${service}:${number}`), containers });
      deployments.set(deploymentArn, { target: revisionArn, sources: running.get(serviceArn) ?? [], at: now() });
      return { serviceArn, deploymentArn, revisionArn };
    },
    resolve({ revisionArn }, containers) {
      const { taskDefinition = "" } = revisions.get(revisionArn) ?? {};
      revisions.set(revisionArn, { taskDefinition, containers });
    },
    start({ serviceArn, revisionArn }) {
      running.set(serviceArn, [...(running.get(serviceArn) ?? []), revisionArn]);
    },
    complete({ serviceArn, deploymentArn, revisionArn }) {
      running.set(serviceArn, [revisionArn]);
      successful.add(deploymentArn);
    },
    answers: {
      "ECS.DescribeServiceRevisions": ({ serviceRevisionArns }) => ({
        serviceRevisions: textsOf(serviceRevisionArns)
          .filter((one) => revisions.has(one))
          .map(revisionOf),
      }),
      "ECS.DescribeServiceDeployments": ({ serviceDeploymentArns }) => ({
        serviceDeployments: textsOf(serviceDeploymentArns).flatMap((serviceDeploymentArn) => {
          const found = deployments.get(serviceDeploymentArn);
          if (found === undefined) return [];
          const { target, sources, at } = found;
          return [
            {
              serviceDeploymentArn,
              status: "IN_PROGRESS",
              createdAt: at / 1000,
              targetServiceRevision: { arn: target, runningTaskCount: 0 },
              sourceServiceRevisions: sources.map((arnOfSource) => ({ arn: arnOfSource, runningTaskCount: 1 })),
            },
          ];
        }),
      }),
      "ECS.ListServiceDeployments": ({ service }) => ({
        serviceDeployments: [...deployments]
          .filter(([deploymentArn]) => isOf(deploymentArn, String(service)))
          .map(([serviceDeploymentArn, { target }]) => ({
            serviceDeploymentArn,
            targetServiceRevisionArn: target,
            status: successful.has(serviceDeploymentArn) ? "SUCCESSFUL" : "IN_PROGRESS",
          })),
      }),
      "ECS.DescribeTaskDefinition": ({ taskDefinition }) => {
        const found = [...revisions.values()].find((one) => one.taskDefinition === taskDefinition);
        if (found === undefined) throw new AwsRefusal("ClientException", "Unable to describe task definition.");
        const containerDefinitions = found.containers.map(({ name, image }) => ({ name, image }));
        return { taskDefinition: { taskDefinitionArn: taskDefinition, containerDefinitions } };
      },
      "ECS.ListTagsForResource": () => ({ tags: [{ key: "owner", value: "team-shop" }] }),
    },
  };
}

/** The call with which ECS invokes a lifecycle hook (ECS developer guide, "Lambda lifecycle hooks"). */
export function hookCallFor(
  { serviceArn, deploymentArn, revisionArn }: LocalDeployment,
  stage: string,
  hookDetails: unknown = {},
): unknown {
  return {
    executionId: deploymentArn,
    lifecycleStage: stage,
    resourceArn: deploymentArn,
    executionDetails: {
      serviceArn,
      targetServiceRevisionArn: revisionArn,
      testTrafficWeights: {},
      productionTrafficWeights: {},
    },
    hookDetails,
  };
}

function isOf(deploymentArn: string, serviceArn: string): boolean {
  return deploymentArn.startsWith(`${serviceArn.replace(":service/", ":service-deployment/")}/`);
}

function textsOf(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
}
