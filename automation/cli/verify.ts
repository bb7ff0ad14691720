import { text } from "node:stream/consumers";
import { Command, InvalidArgumentError } from "commander";
import { buildGo, isBuilt, notationVerifier } from "../../build/go";
import { parseReference, ReferenceInvalidError } from "../../trust/reference";
import type { RegistryCredentials } from "../../verifier/src/registry/ecr-credentials";
import type { Verdict } from "../../verifier/src/verdict";
import { startVerification } from "../verification";
import { exitCodeOf, UsageError } from "./exit-code";
import { locate } from "./locate";
import { findSignerPlugin } from "./signer-plugin";
import { awsRoots, rootsFrom } from "./trust-store";
import { verdictJson, verdictText } from "./verdict-output";

interface VerifyOptions {
  readonly trust: string;
  readonly trustStore?: string;
  readonly plugin?: string;
  readonly signerEndpoint?: string;
  readonly plainHttp?: true;
  readonly account?: string;
  readonly region?: string;
  readonly timeout: number;
  readonly username?: string;
  readonly json?: true;
}

const HELP = `
The trust document is YAML or JSON:
  registries: [self, public.ecr.aws]
  statements:
    - name: release
      repositories: ["*"]
      identities: ["arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release"]

Credentials for ECR come from the usual AWS chain; other registries are asked anonymously, or with --username.

Examples:
  ecs-image-verification verify 111122223333.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:<digest> --trust trust.yaml
  ecs-image-verification verify registry.example.com/app:v1 --trust trust.yaml --username ci < password.txt
  ecs-image-verification verify 127.0.0.1:5000/app:v1 --trust trust.yaml --plain-http --json

Exit codes: 0 all trusted or exempt, 1 any denied, 2 none denied but any inconclusive, 64 usage.`;

/** `verify`: the verdict on images, from the command line. */
export function verifyCommand(): Command {
  return new Command("verify")
    .description("Give the verdict on images, as the launch detector would.")
    .argument("<reference...>", "images: registry/repository with a tag or, better, a digest")
    .requiredOption("--trust <file>", "the trust document: registries, statements and exemptions")
    .option("--trust-store <dir>", "root certificates to trust in place of AWS Signer's")
    .option("--plugin <file>", "the AWS Signer plugin (default: SIGNER_PLUGIN, else Notation's plugin folder)")
    .option("--signer-endpoint <url>", "ask this URL in place of AWS Signer", parseUrl)
    .option("--plain-http", "talk HTTP to the registry")
    .option("--account <id>", "the AWS account that `self` stands for")
    .option("--region <name>", "the AWS region that `self` stands for (default: AWS_REGION)")
    .option("--timeout <seconds>", "how long each image may take", parseSeconds, 30)
    .option("--username <name>", "for a registry other than ECR; the password is read from standard input")
    .option("--json", "print one JSON verdict a line")
    .addHelpText("after", HELP)
    .action(verify);
}

async function verify(references: string[], options: VerifyOptions): Promise<void> {
  const trust = await locate(options.trust, options);
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
    for (const pending of references.map(async (reference) => ({
      reference,
      verdict: await verification.verify(reference),
    }))) {
      const { reference, verdict } = await pending;
      verdicts.push(verdict);
      process.stdout.write(`${print(reference, verdict)}\n`);
    }
  } finally {
    await verification.stop();
  }
  process.exitCode = exitCodeOf(verdicts.map(({ status }) => status));
}

async function builtVerifier(): Promise<string> {
  if (!(await isBuilt(notationVerifier))) {
    process.stderr.write("Building the verifier, once: this takes up to a minute.\n");
  }
  return buildGo(notationVerifier);
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
  if (process.stdin.isTTY) process.stderr.write(`Password of ${username} at ${registry} (end with Ctrl-D): `);
  const password = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (password === "") throw new UsageError("--username needs the password on standard input, and there is none.");
  return { registry, username, password };
}

function registryOf(reference: string): string | undefined {
  try {
    return parseReference(reference).registry;
  } catch (error) {
    if (error instanceof ReferenceInvalidError) return undefined;
    throw error;
  }
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds <= 0 || seconds > 900) {
    throw new InvalidArgumentError("It must be a number of seconds, more than 0 and at most 900.");
  }
  return seconds;
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if ((url?.protocol !== "http:" && url?.protocol !== "https:") || url.username !== "" || url.password !== "") {
    throw new InvalidArgumentError("It must be a URL like https://signer.example.com or http://127.0.0.1:8080.");
  }
  return text;
}
