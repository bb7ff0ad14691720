/** ECS gives the tasks of a service this group; RunTask's own default is `family:<family>`. */
const SERVICE_GROUP = /^service:(?<service>.+)$/;

/** The service that the group of a task names. */
export function parseServiceGroup(group: string | undefined): string | undefined {
  return SERVICE_GROUP.exec(group ?? "")?.groups?.service;
}
