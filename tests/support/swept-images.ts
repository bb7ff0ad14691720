import type { SweptImage, SweptPlace } from "../../verifier/src/sweep/swept-image";
import { isBad, toStatus } from "../../verifier/src/verification/verdict";
import { CLUSTER, DIGEST, EVENT_TIME, IMAGE, TASK, TASK_DEFINITION } from "./launch-events";

/** Where a swept image runs, with some of its fields replaced. */
export function sweptPlace(changes: Partial<SweptPlace> = {}): SweptPlace {
  return {
    cluster: CLUSTER,
    group: "service:shop",
    container: "web",
    containers: 2,
    task: { arn: TASK, taskDefinition: TASK_DEFINITION, createdAt: EVENT_TIME.toISOString() },
    ...changes,
  };
}

/** An image that a sweep has found, with some of its fields replaced; default: without a signature. */
export function sweptImage({
  code = "no-signature",
  digest = DIGEST,
  ...changes
}: Partial<SweptImage> = {}): SweptImage {
  const time = EVENT_TIME.toISOString();
  const status = toStatus(code);
  return {
    key: digest,
    kind: "image",
    repository: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app",
    digest,
    reference: `${IMAGE}@${digest}`,
    status,
    code,
    detail: isBad(status) ? "the registry lists no signature" : "",
    signers: [],
    containers: 2,
    morePlaces: 0,
    places: [sweptPlace()],
    seenAtLaunch: true,
    since: time,
    run: time,
    judgedAt: time,
    judgedWith: "hash",
    ...changes,
  };
}
