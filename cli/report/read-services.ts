import { ECSClient } from "@aws-sdk/client-ecs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { readAttachment } from "../../automation/operations/gate/attachment-state";
import { findServices, type Gate } from "../../automation/operations/gate/change-services";
import type { GatedService } from "../../automation/operations/report/coverage";
import { describeServices } from "../../verifier/src/gate/attachment/list-services";
import { gateOf } from "../gate/deployed-gate";
import { count } from "../lib/count";
import { SOURCE } from "./source-names";
import type { SourceReader } from "./source-reader";

/** The services that the gate is for; undefined without a gate, or if they could not be read. */
export async function readServices(
  outputs: EnvironmentOutputs,
  reader: SourceReader,
): Promise<readonly GatedService[] | undefined> {
  const name = SOURCE.services;
  const gate = gateOf(outputs);
  if (gate === undefined) {
    reader.absent(name, "This environment has no deployment gate.");
    return undefined;
  }
  const ecs = new ECSClient({ region: outputs.region, maxAttempts: 5 });
  const question = {
    asking: "Reading the services",
    of: `of account ${outputs.account} in ${outputs.region}`,
    action: "ecs:ListClusters, ecs:ListServices and ecs:DescribeServices",
  };
  const read = () => listGated(ecs, gate, outputs.watchedClusters);
  return reader.read(name, question, read, (found) => `${count(found.length, "service")}.`);
}

async function listGated(
  ecs: ECSClient,
  gate: Gate,
  clusters: readonly string[] | undefined,
): Promise<readonly GatedService[]> {
  const rows: GatedService[] = [];
  for await (const { service } of describeServices(ecs, await findServices(ecs, clusters))) {
    if (service?.status !== "ACTIVE") continue;
    const { state, mode } = readAttachment(service, gate);
    rows.push({ cluster: service.clusterArn ?? "", group: `service:${service.serviceName ?? ""}`, gate: state, mode });
  }
  return rows;
}
