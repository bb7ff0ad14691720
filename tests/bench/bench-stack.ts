import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildGo, notationCli } from "../../build/go";
import type { Descriptor } from "../../local/descriptor";
import { pushImage } from "../../local/images";
import { delay, type RegistryProxy, startRegistryProxy } from "../../local/registry-proxy";
import { pushSignature } from "../../local/signatures";
import { payloadFor } from "../../local/signer/envelope";
import type { SigningProfile } from "../../local/signer/profiles";
import { type LocalStack, startLocalStack } from "../../local/stack";
import { parseTrustDocument } from "../../trust/document";
import { expandTrustDocument, type ResolvedTrustDocument } from "../../trust/expand";
import { writeNotationConfig } from "../../verifier/src/notation/config-folder";
import { type Notation, startNotation } from "../../verifier/src/notation/serve";

const run = promisify(execFile);
const PLUGIN = "com.amazonaws.signer.notation.plugin";

/** A local stack, a slow door to its registry, and the Notation CLI beside our process, all with the same trust. */
export interface BenchStack {
  readonly stack: LocalStack;
  readonly trust: ResolvedTrustDocument;
  /** The registry with 10 ms on each request. */
  readonly slow: RegistryProxy;
  /** The registry without latency, through a proxy that records its requests. */
  readonly recorded: RegistryProxy;
  /** Pushes signed images into `team/<name>`, and gives their digests. */
  signedImages(name: string, count: number): Promise<string[]>;
  /**
   * Our process, which reaches the stand-in Signer the way the CLI does. Through `--signer-endpoint` there would be one
   * more hop, which on AWS there is not.
   */
  readonly notation: Notation;
  /** Runs `notation verify`; rejects unless it succeeds. */
  notationVerify(reference: string): Promise<void>;
  close(): Promise<void>;
}

/** The latency that the design's budgets speak of, in milliseconds. */
const LATENCY_MS = 10;

export async function startBenchStack(): Promise<BenchStack> {
  const cli = await buildGo(notationCli);
  const stack = await startLocalStack();
  const slow = await startRegistryProxy({ target: stack.registry, rules: [delay(LATENCY_MS)] });
  const recorded = await startRegistryProxy({ target: stack.registry });
  const profile = stack.signer.putProfile("release");
  const trust = trustIn([stack.registry, slow.address, recorded.address], profile, stack);
  const folder = await cliFolder(stack, trust);
  const notation = startNotation({
    executable: stack.programs.verifier,
    config: folder,
    plugin: stack.programs.plugin,
    environment: environmentOf(stack),
    plainHttp: true,
  });
  return {
    stack,
    trust,
    slow,
    recorded,
    notation,
    signedImages: (name, count) => signedImages(stack, profile, name, count),
    async notationVerify(reference) {
      await run(cli, ["verify", "--insecure-registry", reference], { env: cliEnvironment(stack, folder) });
    },
    async close() {
      await Promise.all([slow.close(), recorded.close(), notation.stop()]);
      await stack.close();
    },
  };
}

function trustIn(registries: string[], profile: SigningProfile, { signer }: LocalStack): ResolvedTrustDocument {
  const statements = [{ name: "release", repositories: ["*"], identities: [profile.arn] }];
  const document = parseTrustDocument({ registries, statements });
  return expandTrustDocument(document, { account: signer.account, region: signer.region });
}

async function signedImages(
  stack: LocalStack,
  profile: SigningProfile,
  name: string,
  count: number,
): Promise<string[]> {
  const repository = { url: `http://${stack.registry}`, name: `team/${name}` };
  const sign = async (_: unknown, index: number) => {
    const image: Descriptor = await pushImage(repository, { seed: `${name}-${index}` });
    const { envelope } = stack.signer.signPayload(payloadFor(image), profile);
    await pushSignature(repository, image, envelope);
    return image.digest;
  };
  return Promise.all(Array.from({ length: count }, sign));
}

/** The folder that serves the CLI as NOTATION_CONFIG and NOTATION_LIBEXEC. */
async function cliFolder(stack: LocalStack, trust: ResolvedTrustDocument): Promise<string> {
  const folder = await stack.temporaryFolder();
  await writeNotationConfig(folder, trust, [{ name: "root.crt", pem: stack.signer.rootPem }]);
  const plugin = join(folder, "plugins", PLUGIN, `notation-${PLUGIN}`);
  await mkdir(join(plugin, ".."), { recursive: true });
  await copyFile(stack.programs.plugin, plugin);
  await chmod(plugin, 0o755);
  return folder;
}

function cliEnvironment(stack: LocalStack, folder: string): Record<string, string> {
  return {
    ...environmentOf(stack),
    HOME: folder,
    NOTATION_CONFIG: folder,
    NOTATION_LIBEXEC: folder,
    NOTATION_CACHE: join(folder, "cache"),
  };
}

/** The SDK's host prefix keeps it from reaching a loopback address directly; Go sends nothing for loopback through a proxy. */
function environmentOf({ environment, signer }: LocalStack): Record<string, string> {
  return { ...environment, AWS_ENDPOINT_URL_SIGNER: "http://signer.test", HTTP_PROXY: signer.url };
}
