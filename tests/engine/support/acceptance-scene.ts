import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateClusterCommand, ECSClient } from "@aws-sdk/client-ecs";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STEPS } from "../../../acceptance/steps";
import { type LocalSigner, startSigner } from "../../../local/signer/server";
import { clientOf } from "../../aws/support/account";
import { useMoto } from "../../aws/support/moto";
import { signed, unsigned } from "../../support/detector";
import { failedAt, notVerified, valid } from "../../unit/verifier/verification/facts";
import { type AcceptanceCheckout, acceptanceCheckout } from "./acceptance";
import { alsoInMoto } from "./aws-in-moto";
import { type EcsServices, startEcsServices } from "./ecs-services";
import { faultyAws } from "./faulty-aws";
import { guarded } from "./gated-services";
import { type Launches, playLaunches } from "./launches";
import type { HookPlay } from "./played-deployment";
import { playGate } from "./played-gate";
import { program, SAMPLE_DIGEST } from "./program";
import { useScene } from "./scene";
import { type SnsFilters, startSnsFilters } from "./sns-filters";

export const NETWORK = ["--cluster", "accepted", "--subnet", "subnet-0123456789abcdef0", "--public-ip"];

/** The results where all is well. */
export const PASSED = Object.fromEntries(STEPS.map(({ id }) => [id, "passed"]));

/** Rows of the report: step and result. */
export const resultsIn = (report: string) =>
  Object.fromEntries(
    [...report.matchAll(/^\| ([a-z-]+) \| [^|]+ \| (passed|failed|was \w+ ?\w*) \|/gm)].map(([, id, result]) => [
      id,
      result,
    ]),
  );

/**
 * The whole acceptance, on the real Pulumi engine with stand-ins for the providers. What it asks AWS itself is asked of moto, and
 * of our stand-in for AWS Signer. Between a task in moto and its verdict in the log there is no AWS here: no event of ECS, no
 * rule, no Lambda, no AWS Signer plugin. The test plays that part with our own detector (support/launches.ts). Nor is there an ECS
 * that deploys services: moto knows neither service deployments nor lifecycle hooks. The test plays it as it is believed to be
 * (support/played-deployment.ts), and Lambda behind a hook with our own gate (support/played-gate.ts). So it shows that the
 * command does what it says, and not that AWS does: that is what the command is for.
 */
export function useAcceptance() {
  const moto = useMoto();
  const aws = faultyAws();
  // The keeper, asked by the guard of the gate, finds what ECS has.
  const withGuard = guarded(aws.provided, (targetArn) => there(ecs).using(targetArn));
  const inMoto = alsoInMoto(withGuard, () => moto().address);
  const scene = useScene({ ...program, packages: [...(program.packages ?? []), inMoto] });
  let signer: LocalSigner;
  let sns: SnsFilters;
  let ecs: EcsServices | undefined;
  let job: string;
  let checkout: AcceptanceCheckout | undefined;
  let cluster: string;
  let sqs: SQSClient | undefined;

  before("a checkout, and a cluster", async () => {
    signer = await startSigner({ region: "eu-west-1" });
    job = signer.signPayload("of the sample", signer.putProfile("release")).jobArn;
    sns = await startSnsFilters(moto().address);
    ecs = await startEcsServices(moto().address);
    checkout = await acceptanceCheckout({
      engine: scene().engine,
      aws: moto().address,
      signer: signer.url,
      sns: sns.url,
      ecs: ecs.url,
    });
    const config = clientOf(moto().address);
    sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
    const made = await new ECSClient(config).send(new CreateClusterCommand({ clusterName: "accepted" }));
    cluster = made.cluster?.clusterArn ?? "";
  });
  after(async () => {
    await checkout?.remove();
    await ecs?.close();
    await sns?.close();
    await signer?.close();
  });

  const start = (stack: string, more: readonly string[] = ["--yes"], environment: Record<string, string> = {}) =>
    there(checkout).start([...NETWORK, "--stack", stack, ...more], environment);
  const stacks = async () => (await scene().pulumi("stack", "ls", "--json")).stdout;
  const reportOf = (stack: string) => readFile(join(there(checkout).folder, `${stack}.md`), "utf8");
  const folders = async () =>
    (await readdir(there(checkout).temporary)).filter((name) => name.startsWith("ecs-image-verification-"));

  /** The name of what the stand-in has made last of a type. */
  const nameOf = (type: string, part = "") =>
    String(
      scene()
        .calls()
        .findLast((call) => call.type === type && !call.preview && String(call.inputs.name).includes(part))?.inputs
        .name,
    );

  /** The sample as the notation process finds it signed. */
  const byJob = (job: string) => {
    const facts = signed(SAMPLE_DIGEST);
    return { ...facts, signatures: facts.signatures.map((signature) => ({ ...signature, job })) };
  };

  /** The name of the log group made last of those with this end of their name in the program. */
  const logGroupOf = (end: string) =>
    String(
      scene()
        .calls()
        .findLast(
          ({ type, name, method, preview }) =>
            type === "aws:cloudwatch/logGroup:LogGroup" && name.endsWith(end) && method === "create" && !preview,
        )?.inputs.name,
    );

  /** Plays the launches of a stack, and its gate; what is signed is revoked once Signer was told so and one more verdict was kept. */
  function play(stack: string, asks?: HookPlay["asks"]): Launches {
    const revocations = () => signer.requests.filter(({ operation }) => operation === "RevokeSignature").length;
    const before = revocations();
    let kept = 1;
    const facts = (reference: string) => {
      if (reference.includes("unsigned")) return unsigned(SAMPLE_DIGEST);
      if (revocations() === before || kept-- > 0) return byJob(job);
      return {
        ...notVerified({ ...valid, job, ...failedAt("revocation", "revoked") }),
        digest: SAMPLE_DIGEST,
      };
    };
    const invoke = playGate({
      address: moto().address,
      ecs: there(ecs).url,
      applied: scene().applied,
      environment: stack,
      logGroup: () => logGroupOf("-gate-function-log"),
      facts,
    });
    there(ecs).treatHooks({ invoke, ...(asks === undefined ? {} : { asks }) });
    return playLaunches({
      address: moto().address,
      cluster,
      environment: stack,
      logGroup: () => logGroupOf("-verifier-log"),
      topicArn: () => `arn:aws:sns:eu-west-1:111122223333:${nameOf("aws:sns/topic:Topic")}`,
      facts,
    });
  }

  async function played<T>(stack: string, work: () => Promise<T>, asks?: HookPlay["asks"]): Promise<T> {
    const launches = play(stack, asks);
    const failed = launches.played.then(() => new Promise<never>(() => {}));
    try {
      return await Promise.race([work(), failed]);
    } finally {
      await launches.stop();
    }
  }

  return {
    scene,
    aws,
    start,
    stacks,
    reportOf,
    folders,
    nameOf,
    played,
    get checkout() {
      return there(checkout);
    },
    get ecs() {
      return there(ecs);
    },
    get sqs() {
      return there(sqs);
    },
  };
}

function there<One>(one: One | undefined): One {
  if (one === undefined) throw new Error("It is there only while tests run.");
  return one;
}
