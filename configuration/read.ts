import { notationTrustPolicy } from "../trust/derive";
import { type ParseOptions, parseTrustDocument, type TrustDocument } from "../trust/document";
import { expandTrustDocument, type ResolvedTrustDocument } from "../trust/expand";
import { findPartition, isRegionName, PartitionUnsupportedError } from "../trust/partition";
import { withoutUndefined } from "../trust/text/without-undefined";
import { canaryProblems } from "./canary-problems";
import { crossProblems } from "./cross-problems";
import { decode } from "./decode";
import { findKeyPath, knownKeys } from "./keys";
import { permissionProblems } from "./permission-problems";
import { ConfigurationError, type ConfigurationProblem, formatKey, shown, trustProblems } from "./problem";
import { configurationSchema, SECRET_KEYS, type WrittenConfiguration } from "./schema";
import { schemaProblems } from "./schema-problems";
import { stackIdentities, stackIdentityProblems, withStackIdentities } from "./stack-identities";

/** Where the configuration comes from. */
export interface ConfigurationSource extends Pick<ParseOptions, "expiredExemptions"> {
  /** Name of the stack. */
  readonly stack: string;
  /** The values of the namespace `ecs-image-verification:`, by key without it, as text from Pulumi. */
  readonly values: Readonly<Record<string, string>>;
  /** The keys of `values` that are Pulumi secrets. */
  readonly secretKeys: ReadonlySet<string>;
  /** `aws:region`. */
  readonly region: string | undefined;
  /** The AWS account whose credentials are used: 12 digits. */
  readonly account: string;
  /** `aws:allowedAccountIds`: the accounts whose credentials the AWS provider accepts; any if empty. Missing if it does not matter. */
  readonly allowedAccounts?: readonly string[] | undefined;
}

/** The configuration of a stack, checked as a whole. */
export interface Configuration extends Omit<WrittenConfiguration, "trust" | "environment"> {
  readonly stack: string;
  readonly environment: string;
  readonly account: string;
  readonly allowedAccounts?: readonly string[] | undefined;
  readonly region: string;
  /** The trust document as written; {@link readTrust} parses it. */
  readonly trust: unknown;
  /** The identities in it that are other stacks' signing profiles, each once. */
  readonly stackIdentities: readonly string[];
}

/**
 * Reads and checks the configuration of a stack, so that nothing is deployed from a configuration that cannot work. Only
 * signing profiles that are not known yet are not checked here.
 *
 * @throws {@link ConfigurationError} with every problem at once, each with its key.
 */
export function readConfiguration(source: ConfigurationSource): Configuration {
  const { stack, values, secretKeys, region } = source;
  const decoded = decode(values, secretKeys);
  const undecoded = new Set(decoded.problems.map(({ key }) => key));
  const parsed = configurationSchema.safeParse(decoded.value);
  const shape = parsed.success
    ? []
    : schemaProblems(decoded.value, parsed.error.issues, secretKeys, { at: knownKeys, findKeyPath });
  const trust = readTrustDocument(decoded.value.trust, source);
  const problems = [
    ...decoded.problems,
    // The schema would report a value that could not be decoded as missing.
    ...shape.filter(({ key }) => !undecoded.has(key)),
    ...regionProblems(region),
    ...secretProblems(decoded.value, secretKeys),
    ...trust.problems,
    ...(parsed.success ? crossProblems(parsed.data, source) : canaryProblems(decoded.value)),
    ...(parsed.success && trust.resolved ? permissionProblems(parsed.data, trust.resolved) : []),
  ];
  if (problems.length > 0 || !parsed.success || region === undefined) throw new ConfigurationError(problems, stack);
  const { environment = stack, ...written } = parsed.data;
  return {
    ...written,
    stack,
    environment,
    account: source.account,
    ...withoutUndefined({ allowedAccounts: source.allowedAccounts }),
    region,
    stackIdentities: [...new Set(stackIdentities(written.trust).map(({ text }) => text))],
  };
}

/**
 * The trust document, with the signing profiles of other stacks filled in.
 *
 * @param arns ARNs of signing profiles, by the identity that names the stack.
 * @throws {@link ConfigurationError} if one of the ARNs cannot be used here.
 */
export function readTrust(configuration: Configuration, arns: ReadonlyMap<string, string>): TrustDocument {
  const { trust, stack, account, region } = configuration;
  try {
    const document = parseTrustDocument(withStackIdentities(trust, (text) => arns.get(text) ?? text));
    expandTrustDocument(document, { account, region, signingProfileArn: placeholder(account, region) });
    return document;
  } catch (error) {
    throw new ConfigurationError(trustProblems(error), stack);
  }
}

function regionProblems(region: string | undefined): readonly ConfigurationProblem[] {
  if (region !== undefined && isRegionName(region)) return [];
  const message = region === undefined ? "is required" : "is not an AWS region";
  return [{ key: "aws:region", value: region, message, allowed: 'a name such as "eu-west-1"' }];
}

function secretProblems(
  values: Readonly<Record<string, unknown>>,
  secretKeys: ReadonlySet<string>,
): readonly ConfigurationProblem[] {
  return SECRET_KEYS.filter((key) => values[key] !== undefined && !secretKeys.has(key)).map((key) => ({
    key: formatKey([key]),
    value: shown(values[key], key, secretKeys),
    message: "is not encrypted",
    fix: `Treat it as disclosed and have it replaced; then run: pulumi config set --secret ${key}`,
  }));
}

/** A made-up ARN in this account and region, in place of signing profiles that are not known yet. */
function placeholder(account: string, region: string): string {
  return `arn:${findPartition(region)}:signer:${region}:${account}:/signing-profiles/not_known_yet`;
}

/** The problems of a trust document, and its resolved form for this account and region if it can be resolved. */
interface TrustReading {
  readonly problems: readonly ConfigurationProblem[];
  readonly resolved?: ResolvedTrustDocument;
}

function readTrustDocument(trust: unknown, source: ConfigurationSource): TrustReading {
  const { account, region, expiredExemptions = "refuse" } = source;
  if (typeof trust !== "object" || trust === null || Array.isArray(trust)) return { problems: [] };
  const problems = stackIdentityProblems(stackIdentities(trust));
  const known = region !== undefined && isRegionName(region);
  const profile = placeholder(account, known ? region : "us-east-1");
  try {
    const document = parseTrustDocument(
      withStackIdentities(trust, () => profile),
      { expiredExemptions },
    );
    if (!known) return { problems };
    const resolved = expandTrustDocument(document, { account, region, signingProfileArn: profile });
    notationTrustPolicy(resolved);
    return { problems, resolved };
  } catch (error) {
    if (error instanceof PartitionUnsupportedError) {
      return {
        problems: [...problems, { key: "aws:region", value: region, message: "cannot be used", fix: error.message }],
      };
    }
    return { problems: [...problems, ...trustProblems(error)] };
  }
}
