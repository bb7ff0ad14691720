import { gateContradictions } from "../components/gate/gate-contradictions";
import { functionNames, LIVE, roleNames } from "../components/gate/gate-names";
import {
  gateVariables,
  keeperVariables,
  listEnforced,
  VARIABLES_LIMIT,
  variablesSize,
} from "../components/gate/variables";
import { openHours } from "./gate-schema";
import { LONGEST_ENVIRONMENT, LONGEST_NAME } from "./longest-names";
import { type ConfigurationProblem, formatKey } from "./problem";
import type { WrittenConfiguration } from "./schema";
import { ecsArnsBegin, type StackPlace } from "./stack-place";

type Problems = readonly ConfigurationProblem[];

/** A configuration with a gate. */
type Gated = Omit<WrittenConfiguration, "gate"> & { readonly gate: NonNullable<WrittenConfiguration["gate"]> };

/** The problems of a gate: what does not fit together, or not this account and region, or not into Lambda's limits. */
export function gateProblems({ gate, ...others }: WrittenConfiguration, place: StackPlace): Problems {
  if (gate === undefined) return [];
  const written = { ...others, gate };
  return [
    ...gateContradictions(gate, written.mode).map(({ setting, ...problem }) => ({
      key: formatKey(["gate", setting]),
      ...problem,
    })),
    ...placeProblems(written, place),
    ...watchProblems(written),
    ...sizeProblems(written, place),
  ];
}

/** The ARNs under the gate, each with its key. */
function listArns({ gate }: Gated) {
  const under = (path: readonly string[], arns: readonly string[] = []) =>
    arns.map((arn, index) => ({ arn, key: formatKey(["gate", ...path, index]) }));
  return [
    ...under(["services"], gate.services),
    ...under(["enforce", "clusters"], gate.enforce.clusters),
    ...under(["enforce", "services"], gate.enforce.services),
  ];
}

/** ECS invokes a hook in the account and region of the service only. */
function placeProblems(written: Gated, place: StackPlace): Problems {
  const here = ecsArnsBegin(place);
  return listArns(written).flatMap(({ arn, key }): Problems => {
    if (here === undefined || arn.startsWith(here)) return [];
    return [
      {
        key,
        value: arn,
        message: `is not in account ${place.account} in ${place.region}, and a gate is for services of its own account and region`,
        allowed: `ARNs that begin with ${here}`,
        fix: "Run one stack in each account and region.",
      },
    ];
  });
}

/** Where clusters are listed, gate and keeper look at these only. */
function watchProblems(written: Gated): Problems {
  const { clusters } = written;
  if (clusters === undefined) return [];
  const watched = new Set(clusters.map(clusterOf));
  return listArns(written).flatMap(({ arn, key }): Problems => {
    if (watched.has(clusterOf(arn))) return [];
    return [
      {
        key,
        value: arn,
        message: "is not in one of the watched clusters",
        allowed: `services and clusters of ${clusters.join(", ")}`,
        fix: "Add its cluster to clusters, or remove it here.",
      },
    ];
  });
}

/** The cluster in the ARN of a cluster or a service. */
function clusterOf(arn: string): string {
  return arn.split("/")[1] ?? "";
}

function sizeProblems(
  { gate, clusters, environment = "x".repeat(LONGEST_ENVIRONMENT), eventBus, onInconclusive, runbookUrl }: Gated,
  place: StackPlace,
): Problems {
  const { account, region = "" } = place;
  const arn = (service: string, name: string) => `arn:aws-us-gov:${service}:${region}:${account}:${name}`;
  const made = "x".repeat(LONGEST_NAME);
  const facts = {
    mode: gate.mode,
    enforced: listEnforced(gate.enforce),
    clusters,
    ledgerTable: made,
    topicArn: arn("sns", made),
    ordersTable: made,
    ordersKeyArn: arn("kms", `key/${"x".repeat(36)}`),
    openHours: openHours(gate),
    runbookUrl,
  };
  const size = Math.max(
    variablesSize(
      gateVariables({
        ...facts,
        eventBusArn: arn("events", `event-bus/${eventBus}`),
        onInconclusive,
        ownerTag: gate.ownerTag,
      }),
    ),
    variablesSize(
      keeperVariables({
        ...facts,
        environment,
        attach: gate.attach,
        services: gate.services,
        targetArn: arn("lambda", `function:${functionNames(environment).gate}:${LIVE}`),
        invokerRoleArn: `arn:aws-us-gov:iam::${account}:role/${roleNames(environment, region).invoker}`,
      }),
    ),
  );
  if (size <= VARIABLES_LIMIT) return [];
  const listed = gate.services.length + facts.enforced.length + (clusters?.length ?? 0);
  return [
    {
      key: formatKey(["gate"]),
      value: `${listed} clusters and services`,
      message: `make variables of ${size} characters for a function of the gate; Lambda allows ${VARIABLES_LIMIT}`,
      fix: "List fewer: clusters in place of their services under gate.enforce, gate.attach all in place of gate.services, or leave clusters out to watch every cluster.",
    },
  ];
}
