import { resolve } from "node:path";
import { temporaryFolder } from "../../verifier/src/temporary-folder";
import { startAws } from "../aws";
import { makeClosers } from "../closers";
import { pushImage } from "../images";
import { startLocalStack } from "../stack";
import { ecsAnswers, type PlayedContainer } from "./ecs";
import { type PlaygroundFiles, writePlaygroundFiles } from "./files";
import { pushSamples, type Sample, type SampleProfiles, type Samples } from "./samples";

const PLACE = { region: "eu-west-1", account: "111122223333" };
const OTHER_ACCOUNT = "444455556666";
const CLUSTER = "shop";

/** A registry, AWS Signer and ECS on this machine, with samples in them. */
export interface Playground {
  /** `127.0.0.1:PORT`. */
  readonly registry: string;
  readonly region: string;
  readonly cluster: string;
  readonly profiles: SampleProfiles;
  readonly samples: Samples;
  readonly files: PlaygroundFiles;
  /** Stops everything, and deletes the files. */
  close(): Promise<void>;
}

/**
 * Starts a playground on free ports of the loopback interface. What was started is stopped again if it fails, or if `signal`
 * is aborted meanwhile; the files are deleted also if the process ends in between.
 *
 * @param binFolder the folder with the command line's executable.
 */
export async function startPlayground(binFolder: string, signal: AbortSignal): Promise<Playground> {
  const { later, close } = makeClosers();
  try {
    const stack = await startLocalStack({ ...PLACE, signal });
    later(() => stack.close());
    signal.throwIfAborted();
    const profiles: SampleProfiles = {
      release: stack.signer.putProfile("release"),
      approval: stack.signer.putProfile("approval"),
      otherTeam: stack.signer.putProfile("release", { account: OTHER_ACCOUNT }),
    };
    const samples = await pushSamples(stack.registry, stack.signer, profiles);
    const exempted = await pushVendorImage(stack.registry);
    signal.throwIfAborted();
    const aws = await startAws(ecsAnswers({ ...PLACE, name: CLUSTER, ...clusterOf(samples, exempted) }));
    later(() => aws.close());
    const folder = temporaryFolder();
    later(() => folder.remove());
    const files = writePlaygroundFiles(folder.path, {
      ...PLACE,
      registry: stack.registry,
      signerEndpoint: stack.signer.url,
      awsEndpoint: aws.url,
      plugin: resolve(stack.programs.plugin),
      rootPem: stack.signer.rootPem,
      profiles,
      exempted,
      binFolder,
    });
    signal.throwIfAborted();
    return { registry: stack.registry, region: PLACE.region, cluster: CLUSTER, profiles, samples, files, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An image of a vendor who does not sign, by its digest: the trust document exempts it. */
async function pushVendorImage(registry: string): Promise<string> {
  const repository = { url: `http://${registry}`, name: "vendor/log-router" };
  const { digest } = await pushImage(repository, { seed: repository.name });
  return `${registry}/${repository.name}@${digest}`;
}

/** What runs: the samples, and in one service an image that is exempted. */
function clusterOf({ web, api, cart, jobs, stock, pay }: Samples, exempted: string) {
  const container = (name: string, { reference: image, digest }: Sample): PlayedContainer => ({ name, image, digest });
  const log = { name: "log-router", image: exempted, digest: exempted.slice(exempted.indexOf("@") + 1) };
  return {
    services: [
      {
        name: "web",
        tasks: 2,
        deployments: [
          [container("web", jobs), log],
          [container("web", web), log],
        ],
      },
      { name: "api", tasks: 1, deployments: [[container("api", api)]] },
      { name: "cart", tasks: 1, deployments: [[container("cart", cart)]] },
      { name: "pay", tasks: 1, deployments: [[container("pay", pay)]] },
    ],
    tasks: [
      { family: "jobs", containers: [container("jobs", jobs)] },
      { family: "stock", containers: [container("stock", stock)] },
    ],
  };
}
