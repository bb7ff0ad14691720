import { lastPart } from "../../ecs/arn";

/** How DescribeServices and UpdateService are told which service is meant. */
export interface ServiceReference {
  /** Name or ARN. */
  readonly cluster: string;
  /** Name or ARN. */
  readonly service: string;
}

const SERVICE_ARN =
  /^(?<head>arn:aws[a-z0-9-]{0,20}:ecs:[a-z0-9-]{1,30}:\d{12}):service\/(?<cluster>[\w-]{1,255})\/(?<name>[\w-]{1,255})$/;

/**
 * The service that an ARN names, with the ARN of its cluster. Undefined for anything else, also for an ARN in the old
 * format, which does not name the cluster.
 */
export function parseServiceArn(text: string): ServiceReference | undefined {
  const { head, cluster } = SERVICE_ARN.exec(text)?.groups ?? {};
  return head === undefined ? undefined : { cluster: `${head}:cluster/${cluster}`, service: text };
}

/** `CLUSTER/NAME`, for people. */
export function serviceLabel({ cluster, service }: ServiceReference): string {
  return `${lastPart(cluster)}/${lastPart(service)}`;
}
