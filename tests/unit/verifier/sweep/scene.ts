import { type AwsCall, type LocalAws, startAws } from "../../../../local/aws";
import type { AwsInput } from "../../../../local/aws-answers";
import type { VerificationRequest } from "../../../../verifier/src/notation/protocol";
import { clientOf } from "../../../aws/support/account";
import { DIGEST, EVENT_TIME, IMAGE } from "../../../support/launch-events";
import { type PlayedTask, type RunningTasks, runningTasks } from "../../../support/running-tasks";
import { type TestSweep, type TestSweepOptions, testSweep } from "../../../support/sweep";
import { failedAt, notVerified } from "../verification/facts";

const DAY_MS = 86_400_000;
export const daysBefore = (days: number) => new Date(EVENT_TIME.getTime() - days * DAY_MS);

/** A task of a service that runs an image. */
export function serviceTask(changes: Partial<PlayedTask> = {}, imageDigest = DIGEST): PlayedTask {
  return {
    family: "web",
    group: "service:web",
    createdAt: daysBefore(1),
    containers: [{ name: "web", image: IMAGE, imageDigest }],
    ...changes,
  };
}

export const digestOf = ({ reference }: Pick<VerificationRequest, "reference">) => reference.split("@")[1] ?? "";
export const revoked = (digest: string) => ({ ...notVerified(failedAt("revocation", "revoked")), digest });

export interface SweepScene {
  /** What runs, in a stand-in for ECS. */
  readonly played: RunningTasks;
  /** Throws where ECS refuses to list tasks. */
  refuse: (input: AwsInput) => void;
  /** A sweep. Those of one test have the same table: they know what the others remember. */
  open(options?: Partial<TestSweepOptions>): TestSweep;
  /** The calls of an operation. */
  calls(operation: string): readonly AwsCall[];
}

/** Before each test: a stand-in for AWS in which nothing runs. */
export function sweepScene(): SweepScene {
  const played = runningTasks("arn:aws:ecs:eu-west-1:111122223333");
  const opened: TestSweep[] = [];
  let aws: LocalAws;
  const scene: SweepScene = {
    played,
    refuse() {},
    open(options = {}) {
      const config = clientOf(aws.address);
      const sweep = testSweep({ aws: config, dynamodb: config, table: "ledger", ...options });
      opened.push(sweep);
      return sweep;
    },
    calls: (operation) => aws.calls(operation),
  };
  beforeEach(async () => {
    played.clear();
    scene.refuse = () => {};
    aws = await startAws({
      ...played.answers,
      "ECS.ListTasks": (input) => {
        scene.refuse(input);
        return played.answers["ECS.ListTasks"]?.(input);
      },
    });
  });
  afterEach(async () => {
    for (const sweep of opened.splice(0)) sweep.close();
    await aws.close();
  });
  return scene;
}
