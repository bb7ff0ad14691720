import { Command } from "commander";
import { parseReference, ReferenceInvalidError } from "../../trust/reference";
import { startVerification } from "../../verifier/src/verification/on-this-machine";
import type { RegistryCredentials } from "../../verifier/src/verification/registry/ecr-credentials";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { UsageError } from "../lib/errors";
import { exitCodeOf } from "../lib/exit-code";
import { type Help, withHelp } from "../lib/help";
import { parseSeconds } from "../lib/option-values";
import { readTrustFile } from "../trust/file";
import { TRUST_FILE, type TrustOptions, withTrustOptions } from "../trust/options";
import { placeTrust, whollyKnown } from "../trust/resolve";
import { builtVerifier, type ImageAccess, readPassword, withImageAccess } from "./image-access";
import { findSignerPlugin } from "./signer-plugin";
import { awsRoots, rootsFrom } from "./trust-store";
import { verdictJson, verdictText } from "./verdict-output";

interface VerifyOptions extends ImageAccess, TrustOptions {
  readonly trust: string;
  readonly trustStore?: string;
  readonly timeout: number;
  readonly json?: true;
}

const HELP: Help = {
  notes: `The trust document is YAML or JSON:
  registries: [self, public.ecr.aws]
  statements:
    - name: release
      repositories: ["*"]
      identities: ["arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release"]

Credentials for ECR come from the usual AWS chain, and so do those for the secrets with the logins that the trust
document names. Other registries are asked without a login, or with --username, which has precedence.`,
  examples: [
    "ecs-image-verification verify 111122223333.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:<digest> --trust trust.yaml",
    "ecs-image-verification verify registry.example.com/app:v1 --trust trust.yaml --username ci < password.txt",
    "ecs-image-verification verify 111122223333.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:<digest> --trust Pulumi.prod.yaml --account 111122223333 --signing-profile arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release",
    "ecs-image-verification verify 127.0.0.1:5000/app:v1 --trust trust.yaml --plain-http --json",
  ],
  exitCodes: [
    "0 all images are trusted or exempt",
    "1 any image is denied",
    "2 no image is denied, but any is inconclusive",
    "64 the call, the trust document or the trust store cannot be used",
  ],
};

/** `verify`: the verdict on images, from the command line. */
export function verifyCommand(): Command {
  const command = new Command("verify")
    .description("Give the verdict on images, as the launch detector would.")
    .argument("<reference...>", "images: registry/repository with a tag or, better, a digest")
    .requiredOption("--trust <file>", TRUST_FILE)
    .option("--trust-store <dir>", "root certificates to trust in place of AWS Signer's");
  withTrustOptions(withImageAccess(command))
    .option("--timeout <seconds>", "how long each image may take", parseSeconds, 30)
    .option("--json", "print one JSON verdict a line")
    .action(verify);
  return withHelp(command, HELP);
}

async function verify(references: string[], options: VerifyOptions): Promise<void> {
  const trust = whollyKnown(placeTrust(await readTrustFile(options.trust), options));
  const roots =
    options.trustStore === undefined ? await awsRoots(trust.partition) : await rootsFrom(options.trustStore);
  const plugin = options.plugin ?? findSignerPlugin(process.env);
  const credentials = options.username === undefined ? undefined : await askPassword(options.username, references);
  const verification = await startVerification({
    trust,
    roots,
    plugin,
    executable: await builtVerifier(),
    timeoutMs: options.timeout * 1000,
    plainHttp: options.plainHttp === true,
    ...(options.signerEndpoint === undefined ? {} : { signerEndpoint: options.signerEndpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  const print = options.json ? verdictJson : verdictText;
  const verdicts: Verdict[] = [];
  try {
    const asked = references.map(async (reference) => ({ reference, verdict: await verification.verify(reference) }));
    // The first that fails ends the loop; without this, another that fails behind it would end the process.
    for (const pending of asked) pending.catch(() => {});
    for (const pending of asked) {
      const { reference, verdict } = await pending;
      verdicts.push(verdict);
      process.stdout.write(`${print(reference, verdict)}\n`);
    }
  } finally {
    await verification.stop();
  }
  process.exitCode = exitCodeOf(verdicts.map(({ status }) => status));
}

/** The password belongs to one registry, so that it can never be sent to another. */
async function askPassword(
  username: string,
  references: readonly string[],
): Promise<RegistryCredentials & { readonly registry: string }> {
  const registries = new Set(references.flatMap((reference) => registryOf(reference) ?? []));
  const [registry, ...others] = registries;
  if (registry === undefined || others.length > 0) {
    throw new UsageError(
      `--username is for images of exactly one registry, and these are of ${registries.size} (${[...registries].join(", ") || "none"}). Call verify once for each.`,
    );
  }
  return { registry, ...(await readPassword(username, registry)) };
}

function registryOf(reference: string): string | undefined {
  try {
    return parseReference(reference).registry;
  } catch (error) {
    if (error instanceof ReferenceInvalidError) return undefined;
    throw error;
  }
}
