import { createHash } from "node:crypto";
import { withoutUndefined } from "../../trust/text/without-undefined";

/** A container of a demo task. Without `image` it is one that AWS adds: the task definition does not contain it. */
export interface DemoContainer {
  readonly name: string;
  readonly image?: string;
  /** The digest that ECS reports; absent until ECS knows it. */
  readonly digest?: string;
}

/** An ECS task in one of its states. Tasks of the same family are one task. */
export interface DemoTask {
  readonly family: string;
  readonly launchType: "FARGATE" | "EC2";
  readonly lastStatus: "PROVISIONING" | "PENDING" | "RUNNING" | "STOPPED";
  /** Increases with each state change. */
  readonly version: number;
  /** The service that started it; without one, RunTask did. */
  readonly service?: string;
  readonly createdAt: Date;
  readonly containers: readonly DemoContainer[];
}

/** Where the tasks run. */
export interface Place {
  readonly region: string;
  readonly account: string;
}

const CLUSTER = "demo";

/**
 * The "ECS Task State Change" event of EventBridge for a task, modeled on the examples of the ECS developer guide:
 * Fargate with an elastic network interface, EC2 in bridge mode (which has none, and starts with PENDING).
 */
export function taskEvent(task: DemoTask, place: Place, time: Date): unknown {
  const { region, account } = place;
  const taskArn = formatTaskArn(task, place);
  return {
    version: "0",
    id: uuid(`event ${task.family} ${task.version}`),
    "detail-type": "ECS Task State Change",
    source: "aws.ecs",
    account,
    time: `${time.toISOString().slice(0, 19)}Z`,
    region,
    resources: [taskArn],
    detail: taskDetail(task, place, time),
  };
}

/** What ECS's API says of a task now: the fields of its events, with times as numbers. */
export function taskDescription(task: DemoTask, place: Place) {
  const { createdAt, updatedAt: _, ...detail } = taskDetail(task, place, task.createdAt);
  return { ...detail, createdAt: Date.parse(createdAt) / 1000 };
}

export function clusterArn(place: Place): string {
  return formatArn(place, "cluster", CLUSTER);
}

function taskDetail(task: DemoTask, place: Place, time: Date) {
  const { region } = place;
  const id = taskId(task);
  const arn = (type: string, name: string) => formatArn(place, type, name);
  const taskArn = formatTaskArn(task, place);
  return {
    ...placement(task, (name) => arn("container-instance", `${CLUSTER}/${hex(name, 32)}`)),
    attributes: [{ name: "ecs.cpu-architecture", value: "x86_64" }],
    availabilityZone: `${region}a`,
    clusterArn: clusterArn(place),
    containers: task.containers.map((container) => ({
      containerArn: arn("container", `${CLUSTER}/${id}/${uuid(`${task.family} ${container.name}`)}`),
      taskArn,
      ...containerState(task, container),
    })),
    cpu: "256",
    createdAt: task.createdAt.toISOString(),
    desiredStatus: task.lastStatus === "STOPPED" ? "STOPPED" : "RUNNING",
    enableExecuteCommand: false,
    ...origin(task),
    lastStatus: task.lastStatus,
    memory: "512",
    overrides: { containerOverrides: task.containers.map(({ name }) => ({ name })) },
    taskArn,
    taskDefinitionArn: formatTaskDefinitionArn(task, place),
    updatedAt: time.toISOString(),
    version: task.version,
  };
}

/** The ARN of an ECS resource; `name` is everything after its type. */
export function formatArn({ region, account }: Place, type: string, name: string): string {
  return `arn:aws:ecs:${region}:${account}:${type}/${name}`;
}

export function formatTaskArn(task: DemoTask, place: Place): string {
  return formatArn(place, "task", `${CLUSTER}/${taskId(task)}`);
}

export function formatTaskDefinitionArn({ family }: DemoTask, place: Place): string {
  return formatArn(place, "task-definition", `${family}:1`);
}

/** The container names in a task's definition: those that AWS adds are not included. */
export function namesInTaskDefinition(task: DemoTask): ReadonlySet<string> {
  return new Set(task.containers.filter(({ image }) => image !== undefined).map(({ name }) => name));
}

function placement(task: DemoTask, instanceArn: (name: string) => string) {
  if (task.launchType === "EC2") {
    return {
      attachments: [],
      capacityProviderName: "demo-instances",
      containerInstanceArn: instanceArn("instance"),
      launchType: "EC2",
    };
  }
  const attached = task.lastStatus === "RUNNING";
  const details = [
    { name: "subnetId", value: `subnet-${hex("subnet", 17)}` },
    ...(attached ? [{ name: "networkInterfaceId", value: `eni-${hex(task.family, 17)}` }] : []),
  ];
  return {
    attachments: [
      { id: attachmentId(task.family), type: "eni", status: attached ? "ATTACHED" : "PRECREATED", details },
    ],
    capacityProviderName: "FARGATE",
    ephemeralStorage: { sizeInGiB: 20 },
    launchType: "FARGATE",
    platformVersion: "1.4.0",
  };
}

function containerState({ family, launchType, lastStatus }: DemoTask, { name, image, digest }: DemoContainer) {
  const running = lastStatus === "RUNNING";
  const made = running || lastStatus === "STOPPED";
  // Fargate's runtime IDs start with the task's ID; EC2's are Docker's.
  const runtimeId = launchType === "EC2" ? hex(`${family} ${name}`, 64) : `${hex(family, 32)}-0${decimal(name)}`;
  return {
    lastStatus: made ? lastStatus : "PENDING",
    name,
    ...withoutUndefined({ image, imageDigest: digest }),
    ...(made ? { runtimeId } : {}),
    networkInterfaces: running && launchType === "FARGATE" ? [makeInterface(family)] : [],
    // The example in the developer guide has this text for the container that GuardDuty adds.
    cpu: image === undefined ? "null" : "0",
  };
}

function makeInterface(family: string) {
  return { attachmentId: attachmentId(family), privateIpv4Address: "10.0.1.163" };
}

function attachmentId(family: string): string {
  return uuid(`eni ${family}`);
}

function origin({ family, service }: DemoTask) {
  if (service === undefined) return { group: `family:${family}` };
  return { group: `service:${service}`, startedBy: `ecs-svc/${decimal(service)}` };
}

function taskId({ family }: DemoTask): string {
  return hex(family, 32);
}

function hex(seed: string, length: number): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}

function uuid(seed: string): string {
  return hex(seed, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function decimal(seed: string): string {
  return String(Number.parseInt(hex(seed, 8), 16)).padStart(10, "0");
}
