import { type Configuration, readConfiguration } from "../../configuration/read";
import { withStackIdentities } from "../../configuration/stack-identities";
import { NO_ACCOUNT } from "../../configuration/stack-place";
import { type ParseOptions, parseTrustDocument, type TrustDocument } from "../../trust/document";
import { expandTrustDocument, type ResolvedTrustDocument } from "../../trust/expand";
import { self } from "../../trust/registry-entry";
import { mapIdentities, trustsSelf } from "../../trust/signers";
import { UsageError } from "../lib/errors";
import { printable } from "../lib/printable";
import type { TrustFile } from "./file";
import { named } from "./named-problems";
import type { TrustOptions } from "./options";
import { findPlace, unknownProfile } from "./place";
import { accountOfStack, parseStackFile, saysSelf } from "./stack-file";

/** A trust document for its account and region, as far as they are known. */
export interface PlacedTrust {
  readonly trust: ResolvedTrustDocument;
  /** The same document as written: it may contain `self`. */
  readonly written: TrustDocument;
  /** Undefined if nothing depends on it and it was not given. */
  readonly account: string | undefined;
  /** Identities without an ARN yet (`self`, `stack:NAME`), by their placeholder ARN in `trust`. */
  readonly unknown: ReadonlyMap<string, string>;
  /** Only for a stack's file. */
  readonly configuration: Configuration | undefined;
}

interface Surroundings extends Pick<ParseOptions, "expiredExemptions"> {
  /** The environment variables to read AWS_REGION from. */
  readonly env?: NodeJS.ProcessEnv;
  readonly now?: Date;
}

/**
 * Replaces `self` with the values of the environment. Values that only AWS or Pulumi know stay unknown.
 *
 * @throws {@link TrustDocumentError}, `ConfigurationError` or {@link UsageError}, with every problem of the file.
 */
export function placeTrust(
  file: TrustFile,
  options: TrustOptions,
  { env: environment = process.env, now = new Date(), expiredExemptions = "refuse" }: Surroundings = {},
): PlacedTrust {
  return file.kind === "stack"
    ? placeStack(file.file, file.stack, file.value, options, expiredExemptions)
    : placeDocument(file.file, file.value, options, { env: environment, now, expiredExemptions });
}

function placeDocument(
  file: string,
  value: unknown,
  options: TrustOptions,
  { env: environment, now, expiredExemptions }: Required<Surroundings>,
): PlacedTrust {
  const written = named(file, () => parseTrustDocument(value, { now, expiredExemptions }));
  refuseStrangers(file, options.stackProfile, []);
  const { account, region } = findPlace(file, written, options, environment);
  const profile = options.signingProfile ?? unknownProfile(account, region, 0);
  const trust = named(file, () => expandTrustDocument(written, { account, region, signingProfileArn: profile }));
  const unknown = new Map(
    options.signingProfile === undefined && trustsSelf(written.statements) ? [[profile, self]] : [],
  );
  return { trust, account: options.account, written, unknown, configuration: undefined };
}

function placeStack(
  file: string,
  stack: string,
  value: unknown,
  options: TrustOptions,
  expiredExemptions: Required<Surroundings>["expiredExemptions"],
): PlacedTrust {
  const stackFile = parseStackFile(stack, value);
  const own = options.account ?? accountOfStack(stackFile);
  // Without the account, its registry would seem to be missing.
  if (own === undefined && saysSelf(stackFile)) {
    throw new UsageError(`${file} says \`self\`: give the account that it stands for with --account.`);
  }
  const configuration = readConfiguration({ ...stackFile.source, account: own ?? NO_ACCOUNT, expiredExemptions });
  refuseStrangers(file, options.stackProfile, configuration.stackIdentities);
  const { account, region } = configuration;
  const arns = new Map(
    configuration.stackIdentities.map((text, index) => [
      text,
      options.stackProfile?.get(text) ?? unknownProfile(account, region, index + 1),
    ]),
  );
  const profile = options.signingProfile ?? configuration.signingProfile.arn;
  const ownProfile = profile ?? unknownProfile(account, region, 0);
  const identified = withStackIdentities(configuration.trust, (text) => arns.get(text) ?? text);
  const written = parseTrustDocument(identified, { expiredExemptions });
  const trust = named(file, () => expandTrustDocument(written, { account, region, signingProfileArn: ownProfile }));
  const unknown = new Map([
    ...(profile === undefined && trustsSelf(written.statements) ? [[ownProfile, self] as const] : []),
    ...[...arns]
      .filter(([text]) => options.stackProfile?.has(text) !== true)
      .map(([text, arn]) => [arn, text] as const),
  ]);
  return { trust, account: own, written, unknown, configuration };
}

/** The trust document without unknown identities. A statement may end up with none. */
export function knownTrust({ trust, unknown }: Pick<PlacedTrust, "trust" | "unknown">): ResolvedTrustDocument {
  const statements = trust.statements.map((statement) =>
    mapIdentities(statement, (identities) => identities.filter((arn) => !unknown.has(arn))),
  );
  return { ...trust, statements };
}

/**
 * The trust document if all of it is known.
 *
 * @throws {@link UsageError} that says how to supply the unknown values.
 */
export function whollyKnown({ trust, unknown }: Pick<PlacedTrust, "trust" | "unknown">): ResolvedTrustDocument {
  if (unknown.size === 0) return trust;
  throw new UsageError(
    [
      "The ARN of these signing profiles is not known:",
      ...[...unknown.values()].map((text) => `  ${text}: ${howToGive(text)}`),
    ].join("\n"),
  );
}

/** How to supply the ARN of an identity that has none. */
export function howToGive(text: string): string {
  return text === self
    ? "give it with --signing-profile ARN; the output signingProfileArn of the deployed stack has it"
    : `give it with --stack-profile ${printable(text)}=ARN; the output signingProfileArn of that stack has it`;
}

/** A value for a stack that the file does not name would have no effect: most likely a typo. */
function refuseStrangers(file: string, given: ReadonlyMap<string, string> | undefined, named: readonly string[]): void {
  const strangers = [...(given?.keys() ?? [])].filter((text) => !named.includes(text));
  if (strangers.length === 0) return;
  throw new UsageError(
    `--stack-profile ${strangers.join(", ")}: ${file} has no such identity. It names ${named.map((text) => printable(text)).join(", ") || "no stack"}.`,
  );
}
