import { randomUUID } from "node:crypto";
import { type LocalAws, startAws } from "../../../local/aws";
import { type DemoContainer, taskEvent } from "../../../local/demo/events";
import { type LocalDeployments, localDeployments } from "../../../local/ecs-deployments";
import { pushImage } from "../../../local/images";
import { type LocalStack, startLocalStack } from "../../../local/stack";
import { expandTrustDocument, parseTrustDocument } from "../../../trust";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { Settings } from "../../../verifier/src/baked-settings";
import { type RunningTasks, runningTasks } from "../../support/running-tasks";

const place = { account: "111122223333", region: "eu-west-1" };

/** The stand-ins that a verifier's image is tried with, and the settings for them. */
export interface Scene {
  readonly stack: LocalStack;
  readonly aws: LocalAws;
  /** The services that the stand-in for ECS knows. */
  readonly deployments: LocalDeployments;
  /** The tasks that run there. */
  readonly running: RunningTasks;
  readonly settings: Settings;
  /** Pushes an image and signs it; gives its reference by digest. */
  signed(seed: string): Promise<string>;
  unsigned(seed: string): Promise<string>;
  close(): Promise<void>;
}

export async function startScene(): Promise<Scene> {
  const stack = await startLocalStack(place);
  const deployments = localDeployments({ ...place, cluster: "test" }, Date.now);
  const running = runningTasks(`arn:aws:ecs:${place.region}:${place.account}`);
  const {
    "ECS.ListClusters": listClusters,
    "ECS.ListTasks": listTasks,
    "ECS.DescribeTasks": describeTasks,
  } = running.answers;
  const listing = { "ECS.ListClusters": listClusters, "ECS.ListTasks": listTasks, "ECS.DescribeTasks": describeTasks };
  const aws = await startAws({ ...deployments.answers, ...withoutUndefined(listing) });
  const profile = stack.signer.putProfile("release");
  const document = {
    registries: [stack.registry],
    statements: [{ name: "release", repositories: ["*"], identities: [profile.arn] }],
  };
  const repository = { url: `http://${stack.registry}`, name: "team/app" };
  const unsigned = async (seed: string) => {
    const { digest } = await pushImage(repository, { seed });
    return `${stack.registry}/${repository.name}@${digest}`;
  };
  return {
    stack,
    aws,
    deployments,
    running,
    settings: {
      environment: "test",
      mode: "enforce",
      onInconclusive: "alert",
      giveUpAfterSeconds: 150,
      verdictTtlSeconds: 300,
      verificationTimeoutSeconds: 10,
      maxSignatures: 50,
      stopBudget: 50,
      ledgerDays: 30,
      exemptionHours: 8,
      trust: expandTrustDocument(parseTrustDocument(document), place),
    },
    unsigned,
    signed: async (seed) => {
      const reference = await unsigned(seed);
      await stack.sign(reference, profile.arn);
      return reference;
    },
    close: async () => {
      await Promise.all([stack.close(), aws.close()]);
    },
  };
}

/** The event of a task of its own that runs one container from an image. */
export function launchOf(reference: string): unknown {
  const digest = reference.slice(reference.indexOf("@") + 1);
  const container: DemoContainer = { name: "app", image: reference, digest };
  const now = new Date();
  const task = { launchType: "FARGATE", lastStatus: "RUNNING", version: 1, createdAt: now } as const;
  return taskEvent({ ...task, family: `app-${randomUUID()}`, containers: [container] }, place, now);
}

/** The environment of the function: made-up credentials and resources, and the stand-in for the AWS services. */
export function functionEnvironment(aws: LocalAws): Readonly<Record<string, string>> {
  return {
    AWS_REGION: place.region,
    AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    AWS_SECRET_ACCESS_KEY: "made-up-for-the-stand-ins",
    AWS_SESSION_TOKEN: "made-up-for-the-stand-ins",
    AWS_LAMBDA_FUNCTION_NAME: "verifier",
    AWS_LAMBDA_FUNCTION_VERSION: "1",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024",
    AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/verifier",
    AWS_LAMBDA_LOG_STREAM_NAME: "made-up",
    AWS_ENDPOINT_URL: aws.url,
    LEDGER_TABLE: "ledger",
    EVENT_BUS: "default",
    NOTIFICATION_TOPIC: "arn:aws:sns:eu-west-1:111122223333:image-verdicts",
    POSTPONED_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/111122223333/postponed",
    ORDERS_TABLE: "orders",
    ORDERS_KEY_ARN: "arn:aws:kms:eu-west-1:111122223333:key/0d990263-018e-4e65-a703-eff731de951e",
  };
}
