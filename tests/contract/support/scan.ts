import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type LocalAws, startAws } from "../../../local/aws";
import { AwsRefusal } from "../../../local/aws-answers";
import type { Order } from "../../../verifier/src/orders/order";
import { OUTPUTS_WITH_ORDERS } from "../../support/environment-outputs";
import { orderAnswers } from "../../support/order-answers";
import type { Run } from "../../support/running-command";
import { type PlayedContainer, type RunningTasks, runningTasks } from "../../support/running-tasks";
import { type CommandLine, commandLine } from "./command-line";
import { type Scene, type SceneImage, useScene } from "./scene";

export const ACCOUNT = "111122223333";
/** How the ARNs of ECS begin. */
export const HEAD = `arn:aws:ecs:eu-west-1:${ACCOUNT}`;

/** What `scan` is tried on. Everything but `running` is there only while tests run. */
export interface ScanScene {
  readonly scene: () => Scene;
  /** What runs, empty before each test. */
  readonly running: RunningTasks;
  readonly aws: LocalAws;
  readonly cli: CommandLine;
  readonly folder: string;
  /** The file of a trust document that trusts the profile `release`. */
  readonly trust: string;
  /** The file with the outputs of the environment. */
  readonly outputs: string;
  readonly signed: SceneImage;
  readonly unsigned: SceneImage;
  /** The orders of the environment. Default: none. */
  orders: readonly Order[];
  /** Clusters that ECS refuses to list the tasks of. Default: none. */
  refused: readonly string[];
  scan(...words: readonly string[]): Promise<Run>;
}

/** Real: signatures, registry, notation, the command. Stand-ins over HTTP: ECS, the table and key of the orders, Signer. */
export function useScan(): ScanScene {
  const scene = useScene();
  const running = runningTasks(HEAD, 2);
  let made: Pick<ScanScene, "aws" | "cli" | "folder" | "trust" | "outputs" | "signed" | "unsigned"> | undefined;
  const there = () => {
    if (made === undefined) throw new Error("It is there only while tests run.");
    return made;
  };
  const scan: ScanScene = {
    scene,
    running,
    orders: [],
    refused: [],
    get aws() {
      return there().aws;
    },
    get cli() {
      return there().cli;
    },
    get folder() {
      return there().folder;
    },
    get trust() {
      return there().trust;
    },
    get outputs() {
      return there().outputs;
    },
    get signed() {
      return there().signed;
    },
    get unsigned() {
      return there().unsigned;
    },
    scan: (...words) =>
      there().cli.run(["scan", "--region", "eu-west-1", ...words, ...there().cli.withRoot], {
        environment: { AWS_ENDPOINT_URL: there().aws.url },
      }),
  };

  before(async () => {
    const aws = await startAws({
      ...running.answers,
      "ECS.ListTasks": (input) => {
        if (scan.refused.some((name) => String(input.cluster).endsWith(name))) {
          throw new AwsRefusal("AccessDeniedException", "not authorized to perform: ecs:ListTasks");
        }
        return running.answers["ECS.ListTasks"]?.(input);
      },
      ...orderAnswers(() => scan.orders),
    });
    const cli = await commandLine(scene());
    const folder = await scene().stack.temporaryFolder();
    const [trust, outputs] = [join(folder, "trust.yaml"), join(folder, "outputs.json")];
    const statements = [{ name: "release", repositories: ["*"], identities: [scene().release.arn] }];
    await writeFile(trust, JSON.stringify({ registries: [scene().registry], statements }));
    await writeFile(outputs, JSON.stringify({ ...OUTPUTS_WITH_ORDERS, signingProfileArn: scene().release.arn }));
    const signed = await scene().image();
    await scene().sign(signed);
    made = { aws, cli, folder, trust, outputs, signed, unsigned: await scene().image() };
  });
  beforeEach(() => {
    running.clear();
    scan.orders = [];
    scan.refused = [];
    scene().stack.signer.failWith(undefined);
  });
  after(() => made?.aws.close());
  return scan;
}

/** A container that runs an image. */
export const runs = ({ taggedReference: image, descriptor }: SceneImage, name = "web"): PlayedContainer => ({
  name,
  image,
  imageDigest: descriptor.digest,
});

/** A task of a service. */
export const service = (name: string, ...containers: readonly PlayedContainer[]) => ({
  group: `service:${name}`,
  containers,
});

/** An image in the JSON output. */
export interface FoundImage {
  readonly digest: string;
  readonly places: unknown;
  readonly verdict: { readonly code: string; readonly status: string };
  readonly signatures: readonly { readonly state: string; readonly account: string | null }[];
}
