import { type AwsAnswers, AwsRefusal } from "../aws-answers";
import {
  clusterArn,
  type DemoTask,
  formatArn,
  formatTaskArn,
  formatTaskDefinitionArn,
  namesInTaskDefinition,
  type Place,
  taskDescription,
} from "./events";

/** The demo's tasks in the stand-in for ECS. */
export interface DemoEcs {
  readonly answers: AwsAnswers;
  /** The tasks that run. */
  readonly running: () => readonly DemoTask[];
  /** A task of this kind is launched; if it belongs to a service, a deployment of that service is in progress. */
  readonly launch: (task: DemoTask) => void;
}

export function demoEcs(place: Place): DemoEcs {
  const tasks = new Map<string, DemoTask>();
  const stopped = new Set<string>();
  const running = () =>
    [...tasks.values()].filter((task) => task.lastStatus === "RUNNING" && !stopped.has(formatTaskArn(task, place)));
  const find = (which: (task: DemoTask) => boolean, refusal: AwsRefusal): DemoTask => {
    const found = [...tasks.values()].find(which);
    if (found === undefined) throw refusal;
    return found;
  };
  const deploymentArn = (task: DemoTask) =>
    formatArn(place, "service-deployment", `demo/${task.service}/${task.family}`);
  const revisionArn = (task: DemoTask) => formatArn(place, "service-revision", `demo/${task.service}/${task.family}`);

  return {
    running,
    launch: (task) => void tasks.set(task.family, task),
    answers: {
      "ECS.DescribeTaskDefinition": ({ taskDefinition: arn }) => {
        const unknown = new AwsRefusal("ClientException", "Unable to describe task definition.");
        const task = find((one) => formatTaskDefinitionArn(one, place) === arn, unknown);
        const containerDefinitions = [...namesInTaskDefinition(task)].map((name) => ({ name }));
        return { taskDefinition: { taskDefinitionArn: arn, containerDefinitions } };
      },
      "ECS.StopTask": ({ task: arn }) => {
        const unknown = new AwsRefusal("InvalidParameterException", "The referenced task was not found.");
        find((one) => formatTaskArn(one, place) === arn, unknown);
        stopped.add(String(arn));
        return { task: { taskArn: arn, desiredStatus: "STOPPED" } };
      },
      "ECS.ListClusters": () => ({ clusterArns: [clusterArn(place)] }),
      // A task that is stopped ends at once here.
      "ECS.ListTasks": ({ family, desiredStatus }) => ({
        taskArns: (desiredStatus === "STOPPED" ? [] : running())
          .filter((task) => family === undefined || task.family === family)
          .map((task) => formatTaskArn(task, place)),
      }),
      "ECS.DescribeTasks": ({ tasks: wanted }) => ({
        tasks: running()
          .filter((task) => isAmong(wanted, formatTaskArn(task, place)))
          .map((task) => taskDescription(task, place)),
      }),
      "ECS.ListServiceDeployments": ({ service, status }) => ({
        // Each service has an earlier deployment, whose contents do not matter here.
        serviceDeployments: isAmong(status, "SUCCESSFUL")
          ? [{ status: "SUCCESSFUL" }]
          : [...tasks.values()]
              .filter((task) => task.service !== undefined && task.service === service)
              .map((task) => ({
                serviceDeploymentArn: deploymentArn(task),
                targetServiceRevisionArn: revisionArn(task),
                status: "IN_PROGRESS",
              })),
      }),
      "ECS.DescribeServiceRevisions": ({ serviceRevisionArns: wanted }) => ({
        serviceRevisions: [...tasks.values()]
          .filter((task) => isAmong(wanted, revisionArn(task)))
          .map((task) => ({
            serviceRevisionArn: revisionArn(task),
            taskDefinition: formatTaskDefinitionArn(task, place),
          })),
      }),
      "ECS.StopServiceDeployment": ({ serviceDeploymentArn: arn }) => {
        const unknown = new AwsRefusal("ServiceDeploymentNotFoundException", "Service deployment not found.");
        find((one) => deploymentArn(one) === arn, unknown);
        return { serviceDeploymentArn: arn };
      },
    },
  };
}

function isAmong(list: unknown, value: string): boolean {
  return Array.isArray(list) && list.includes(value);
}
