import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SNSClient } from "@aws-sdk/client-sns";
import { startAws } from "../../local/aws";
import { localClientOptions } from "../../local/demo/local-clients";
import { hookCallFor, localDeployments } from "../../local/ecs-deployments";
import { delay, startRegistryProxy } from "../../local/registry-proxy";
import { answerCall } from "../../verifier/src/gate/answer-call";
import { assembleGate } from "../../verifier/src/gate/assemble";
import type { Gate } from "../../verifier/src/gate/gate";
import type { Notation } from "../../verifier/src/notation/serve";
import { settings } from "../support/detector";
import { ENFORCING } from "../support/gate";
import { memoryOrders } from "../support/orders";
import type { BenchStack } from "./bench-stack";
import { median, timeEach } from "./median";
import type { Row } from "./rows";

const RUNS = 25;
const LATENCY_MS = 10;
const PLACE = { region: "eu-west-1", account: "111122223333", cluster: "bench" };

/**
 * An answer of the gate for a revision with so many containers, 10 ms on each request to the registry and to AWS: for images
 * that were never judged, and for the same images again.
 */
export async function gateAnswer(bench: BenchStack, notation: Notation, containers: number): Promise<Row> {
  const deployments = localDeployments(PLACE, Date.now);
  const aws = await startAws(deployments.answers);
  const slowAws = await startRegistryProxy({ target: aws.address, rules: [delay(LATENCY_MS)] });
  const { gate, close } = gateOf(bench, notation, `http://${slowAws.address}`);
  try {
    const name = `gate-${containers}`;
    const digests = await bench.signedImages(name, (RUNS + 1) * containers);
    const revisions = Array.from({ length: RUNS + 1 }, (_, run) =>
      digests.slice(run * containers, (run + 1) * containers).map((digest, index) => ({
        name: `container-${index}`,
        image: `${bench.slow.address}/team/${name}@${digest}`,
      })),
    );
    const answerTo = async (revision: (typeof revisions)[number]) => {
      const { hookStatus } = await answerCall(hookCallFor(deployments.deploy("bench", revision), "PRE_SCALE_UP"), {
        environment: gate.environment,
        start: () => gate,
        now: Date.now,
        onFailure: (what, error) => {
          throw new Error(`${what}: ${error}`);
        },
      });
      if (hookStatus !== "SUCCEEDED") throw new Error(`the gate answered ${hookStatus}`);
    };
    const [first = [], ...others] = revisions;
    await answerTo(first);
    const before = aws.calls().length;
    const cold = median(await timeEach(others, answerTo));
    const calls = (aws.calls().length - before) / RUNS;
    const warm = median(await timeEach(others, answerTo));
    const what = `answer of the gate, ${containers} container${containers === 1 ? "" : "s"}, 10 ms on each request`;
    const measured = `${cold.toFixed(0)} ms cold, ${warm.toFixed(0)} ms warm; ${calls} calls to AWS, records included`;
    return { what, budget: "-", measured };
  } finally {
    close();
    await slowAws.close();
    await aws.close();
  }
}

function gateOf({ trust }: BenchStack, notation: Notation, url: string): { readonly gate: Gate; close(): void } {
  const local = localClientOptions({ url }, PLACE.region);
  const clients = {
    ecs: new ECSClient(local),
    dynamodb: new DynamoDBClient(local),
    events: new EventBridgeClient(local),
    sns: new SNSClient(local),
  };
  const gate = assembleGate({
    settings: settings({ mode: "audit", trust }),
    environment: ENFORCING,
    resources: {
      LEDGER_TABLE: "ledger",
      EVENT_BUS: "default",
      NOTIFICATION_TOPIC: "arn:aws:sns:eu-west-1:111122223333:verdicts",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/gate",
    },
    notation,
    credentialsFor: async () => undefined,
    orders: memoryOrders(),
    findOpening: async () => undefined,
    clients,
    metrics: {
      verdict: () => {},
      answered: () => {},
      failed: () => {},
      heartbeat: () => {},
      deliveryFailed: () => {},
      cacheAsked: () => {},
    },
    log: { verdict: () => {}, order: () => {}, failure: () => {} },
    gateLog: { warn: () => {} },
    onLedgerUnavailable: () => {},
    now: Date.now,
    pause: async () => {},
  });
  return {
    gate,
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
