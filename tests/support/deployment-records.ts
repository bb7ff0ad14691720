import { toDeploymentRecord } from "../../verifier/src/gate/deployment-record";
import type { VerdictRecord } from "../../verifier/src/reporting/record-schema";
import type { GateOutcome } from "../../verifier/src/reporting/response-outcome";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { containerVerdict } from "./launch";
import { EVENT_TIME } from "./launch-events";

const HEAD = "arn:aws:ecs:eu-west-1:111122223333";

/** What a record is about; default: the deployment d1 of shop/web, refused before it started. */
export interface RecordedDeployment {
  readonly service?: string;
  /** ARN of the deployment, or its id. */
  readonly deployment?: string;
  readonly container?: string;
  readonly outcome?: GateOutcome;
  readonly stage?: string;
}

/** A record of the gate, as production makes it. */
export function deploymentRecord(verdict: Partial<Verdict> = {}, about: RecordedDeployment = {}): VerdictRecord {
  const { service = "web", deployment = "d1", container = "web", outcome = "refused", stage = "PRE_SCALE_UP" } = about;
  return toDeploymentRecord(containerVerdict(verdict, container), {
    environment: "prod",
    call: {
      stage,
      deploymentArn: deployment.startsWith("arn:")
        ? deployment
        : `${HEAD}:service-deployment/shop/${service}/${deployment}`,
      serviceArn: `${HEAD}:service/shop/${service}`,
      serviceName: service,
      clusterArn: `${HEAD}:cluster/shop`,
      revisionArn: `${HEAD}:service-revision/shop/${service}/2`,
      hookDetails: {},
    },
    taskDefinitionArn: `${HEAD}:task-definition/${service}:2`,
    mode: "enforce",
    outcome,
    now: EVENT_TIME,
  });
}
