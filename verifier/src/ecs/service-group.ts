/** ECS gives this group to the tasks of a service; the default of RunTask is `family:<family>`. */
const SERVICE_GROUP = /^service:(?<service>.+)$/;

/** The service that the group of a task names. */
export function parseServiceGroup(group: string | undefined): string | undefined {
  return SERVICE_GROUP.exec(group ?? "")?.groups?.service;
}
