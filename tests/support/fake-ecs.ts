import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import type { DeploymentLifecycleHook, Service } from "@aws-sdk/client-ecs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { listenOnLoopback } from "../../local/listen";

/** A call that the stand-in was asked, by the name of its operation. */
export interface EcsCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** An error as ECS answers it. */
export interface EcsFault {
  readonly type: string;
  readonly message: string;
  readonly status?: number;
}

/** What a test says of a service; the rest is that of a service that runs and is not being deployed. */
export type ServiceFields = Partial<Omit<Service, "deploymentConfiguration">> & {
  readonly hooks?: readonly DeploymentLifecycleHook[];
};

/**
 * A stand-in for ECS that knows lifecycle hooks, which moto 5.2.5 does not: clusters and services, and their hooks. It
 * speaks the AWS JSON protocol 1.1 and knows ListClusters, ListServices, DescribeServices and UpdateService.
 */
export interface FakeEcs {
  readonly url: string;
  readonly client: ECSClient;
  /** The calls so far, in their order. */
  readonly calls: readonly EcsCall[];
  /** Adds a service, or replaces one; gives its ARN. */
  put(cluster: string, name: string, fields?: ServiceFields): string;
  remove(serviceArn: string): void;
  hooksOf(serviceArn: string): readonly DeploymentLifecycleHook[];
  /** What else UpdateService has set, beside hooks: the deployment configuration of the service. */
  configurationOf(serviceArn: string): unknown;
  /** How often DescribeServices shows what was before an update: ECS is eventually consistent. */
  lag(reads: number): void;
  /** Calls fail for which this gives an error. */
  fail(fault: (call: EcsCall) => EcsFault | undefined): void;
  /** What ECS makes of hooks that are written; default: it stores them. */
  storing(change: (hooks: readonly DeploymentLifecycleHook[]) => readonly DeploymentLifecycleHook[]): void;
  /** Called before each call is answered. */
  before(work: (call: EcsCall) => void): void;
  /** The updates so far: service and hooks. */
  updates(): readonly { readonly service: unknown; readonly hooks: unknown }[];
  close(): Promise<void>;
}

const REGION = "eu-west-1";
const ARN = `arn:aws:ecs:${REGION}:111122223333`;

export const clusterArn = (cluster: string): string => `${ARN}:cluster/${cluster}`;
export const serviceArn = (cluster: string, name: string): string => `${ARN}:service/${cluster}/${name}`;

interface Stored {
  service: Service;
  /** What is still shown, and how often. */
  stale: { readonly service: Service; reads: number } | undefined;
}

export async function startFakeEcs(): Promise<FakeEcs> {
  const stored = new Map<string, Stored>();
  const calls: EcsCall[] = [];
  let lag = 0;
  let fault: (call: EcsCall) => EcsFault | undefined = () => undefined;
  let change = (hooks: readonly DeploymentLifecycleHook[]) => hooks;
  let work: (call: EcsCall) => void = () => {};

  function find(cluster: unknown, service: unknown): Stored | undefined {
    return [...stored.values()].find(
      ({ service: one }) =>
        (one.serviceArn === service || one.serviceName === service) &&
        (one.clusterArn === cluster || one.clusterArn?.endsWith(`/${cluster}`)),
    );
  }

  const operations: Readonly<Record<string, (input: Record<string, unknown>) => object | EcsFault>> = {
    ListClusters: () => ({ clusterArns: [...new Set([...stored.values()].map(({ service }) => service.clusterArn))] }),
    ListServices({ cluster, nextToken = "0", maxResults = 10 }) {
      const arns = [...stored.values()].flatMap(({ service }) =>
        service.clusterArn === cluster || service.clusterArn?.endsWith(`/${cluster}`) ? [service.serviceArn] : [],
      );
      if (arns.length === 0) return { type: "ClusterNotFoundException", message: "Cluster not found." };
      const end = Number(nextToken) + Number(maxResults);
      return { serviceArns: arns.slice(Number(nextToken), end), ...(end < arns.length ? { nextToken: `${end}` } : {}) };
    },
    DescribeServices({ cluster, services }) {
      const asked = services as string[];
      if (asked.length > 10) return { type: "InvalidParameterException", message: "At most 10 services." };
      const found = asked.map((one) => find(cluster, one));
      return {
        services: found.flatMap((one) => (one === undefined ? [] : [shown(one)])),
        failures: asked.flatMap((arn, index) => (found[index] === undefined ? [{ arn, reason: "MISSING" }] : [])),
      };
    },
    UpdateService({ cluster, service, deploymentConfiguration }) {
      const one = find(cluster, service);
      if (one === undefined) return { type: "ServiceNotFoundException", message: "Service not found." };
      const { lifecycleHooks, ...others } = deploymentConfiguration as NonNullable<Service["deploymentConfiguration"]>;
      one.stale = lag > 0 ? { service: one.service, reads: lag } : undefined;
      one.service = {
        ...one.service,
        deploymentConfiguration: {
          ...one.service.deploymentConfiguration,
          ...others,
          // A list that is left out is kept, an empty one clears.
          ...(lifecycleHooks === undefined ? {} : { lifecycleHooks: [...change(lifecycleHooks)] }),
        },
      };
      return { service: toJson(one.service) };
    },
  };

  function shown(one: Stored): object {
    const { service } = one.stale !== undefined && one.stale.reads > 0 ? one.stale : one;
    if (one.stale !== undefined) one.stale.reads -= 1;
    return toJson(service);
  }

  const server = createServer(async (request, response) => {
    const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    const input: Record<string, unknown> = JSON.parse((await text(request)) || "{}");
    const call = { operation, input };
    calls.push(call);
    work(call);
    const known = operations[operation];
    const answer =
      fault(call) ?? known?.(input) ?? ({ type: "UnknownOperationException", message: operation } satisfies EcsFault);
    const failed = "type" in answer && "message" in answer ? (answer as EcsFault) : undefined;
    response.writeHead(failed === undefined ? 200 : (failed.status ?? 400), {
      "content-type": "application/x-amz-json-1.1",
    });
    response.end(JSON.stringify(failed === undefined ? answer : { __type: failed.type, message: failed.message }));
  });
  const { address, close } = await listenOnLoopback(server);
  const url = `http://${address}`;
  const client = new ECSClient({
    endpoint: url,
    region: REGION,
    credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "made-up-for-the-stand-in" },
    maxAttempts: 1,
  });
  const get = (arn: string) => {
    const one = stored.get(arn);
    if (one === undefined) throw new Error(`The stand-in has no service ${arn}.`);
    return one;
  };

  return {
    url,
    client,
    calls,
    put(cluster, name, { hooks, ...fields } = {}) {
      const arn = serviceArn(cluster, name);
      const service: Service = {
        serviceArn: arn,
        serviceName: name,
        clusterArn: clusterArn(cluster),
        status: "ACTIVE",
        schedulingStrategy: "REPLICA",
        createdAt: new Date("2026-01-01T00:00:00Z"),
        deployments: [{ id: "ecs-svc/1", status: "PRIMARY", rolloutState: "COMPLETED" }],
        deploymentConfiguration: {
          maximumPercent: 200,
          minimumHealthyPercent: 100,
          ...(hooks === undefined ? {} : { lifecycleHooks: [...hooks] }),
        },
        ...fields,
      };
      stored.set(arn, { service, stale: undefined });
      return arn;
    },
    remove: (arn) => void stored.delete(arn),
    hooksOf: (arn) => get(arn).service.deploymentConfiguration?.lifecycleHooks ?? [],
    configurationOf: (arn) => get(arn).service.deploymentConfiguration,
    lag: (reads) => {
      lag = reads;
    },
    fail: (given) => {
      fault = given;
    },
    storing: (given) => {
      change = given;
    },
    before: (given) => {
      work = given;
    },
    updates: () =>
      calls
        .filter(({ operation }) => operation === "UpdateService")
        .map(({ input: { service, deploymentConfiguration } }) => ({
          service,
          hooks: (deploymentConfiguration as { lifecycleHooks?: unknown }).lifecycleHooks,
        })),
    async close() {
      client.destroy();
      await close();
    },
  };
}

/** A time is a number of seconds in this protocol. */
function toJson(service: Service): object {
  return { ...service, createdAt: (service.createdAt?.getTime() ?? 0) / 1000 };
}

/** Starts the stand-in before each test and stops it after it. */
export function useFakeEcs(): () => FakeEcs {
  let fake: FakeEcs | undefined;
  beforeEach(async () => {
    fake = await startFakeEcs();
  });
  afterEach(() => fake?.close());
  return () => {
    if (fake === undefined) throw new Error("The stand-in is there only while a test runs.");
    return fake;
  };
}
