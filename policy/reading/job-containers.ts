import { type ContainerPlace, type ContainerSource, documentIn, listContainers } from "./container-places";
import { mapping, member, members } from "./provider-json";

/**
 * Where a job definition of AWS Batch has containers (AWS Batch API, RegisterJobDefinition). Those of eksProperties run
 * on Kubernetes, so ECS does not launch them. The keys of JSON text count in any case: the provider reads it with Go's
 * encoding/json (terraform-provider-aws, internal/service/batch).
 */
export const jobContainers: readonly ContainerSource[] = [
  ({ containerProperties }) => single(documentIn(containerProperties, "containerProperties"), "containerProperties"),
  ({ ecsProperties }) => ofTasks(documentIn(ecsProperties, "ecsProperties")),
  ({ nodeProperties }) => ofNodes(documentIn(nodeProperties, "nodeProperties")),
];

function single(properties: unknown, label: string): readonly ContainerPlace[] {
  return properties === undefined ? [] : [{ label, read: () => properties }];
}

function ofTasks(properties: unknown): readonly ContainerPlace[] {
  if (properties === undefined) return [];
  const tasks = member(mapping(properties, "ecsProperties"), "taskProperties") ?? [];
  return members(tasks, "taskProperties", (read, index) => {
    const where = `task ${index + 1}`;
    return listContainers(member(mapping(read(), where), "containers") ?? [], "containers", ` of ${where}`);
  }).flat();
}

function ofNodes(properties: unknown): readonly ContainerPlace[] {
  if (properties === undefined) return [];
  const ranges = member(mapping(properties, "nodeProperties"), "nodeRangeProperties") ?? [];
  return members(ranges, "nodeRangeProperties", (read, index) => {
    const where = `node range ${index + 1}`;
    const range = mapping(read(), where);
    return [...single(member(range, "container"), `container of ${where}`), ...ofTasks(member(range, "ecsProperties"))];
  }).flat();
}
