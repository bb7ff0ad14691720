import { type ParseOptions, parseTrustDocument } from "../../trust/document";
import { self } from "../../trust/registry-entry";
import { identityLists, trustsSelf } from "../../trust/signers";
import { parseJson } from "../../trust/text/parse-json";
import { asFields, asList } from "../../trust/unchecked-value";
import type { TrustFile } from "./file";
import { named } from "./named-problems";
import type { TrustOptions } from "./options";
import { knownRegion, needsAccount } from "./place";
import { accountOfStack, parseStackFile, type StackFile, saysSelf } from "./stack-file";

/** What a judge needs, the file leaves open, and nothing else says. */
export interface OpenValues {
  readonly account: boolean;
  /** The region, if it is known. */
  readonly region: string | undefined;
  /** Identities without an ARN: `self`, `stack:NAME`. */
  readonly identities: readonly string[];
}

/**
 * The values that a file leaves open, all at once.
 *
 * @throws `TrustDocumentError` for a trust document that is not valid.
 */
export function openValues(
  file: TrustFile,
  options: TrustOptions,
  { env = process.env, ...parsing }: ParseOptions & { readonly env?: NodeJS.ProcessEnv },
): OpenValues {
  if (file.kind === "stack") return openInStack(parseStackFile(file.stack, file.value), options);
  const document = named(file.file, () => parseTrustDocument(file.value, parsing));
  return {
    account: needsAccount(document, options),
    region: knownRegion(document, options, env),
    identities: options.signingProfile === undefined && trustsSelf(document.statements) ? [self] : [],
  };
}

function openInStack(stack: StackFile, { account, signingProfile, stackProfile }: TrustOptions): OpenValues {
  const own = signingProfile ?? asFields(parseJson(stack.source.values.signingProfile ?? "")).arn;
  const isOpen = (text: string) =>
    text === self ? own === undefined : text.startsWith("stack:") && stackProfile?.has(text) !== true;
  return {
    account: account === undefined && accountOfStack(stack) === undefined && saysSelf(stack),
    region: stack.source.region,
    identities: [...new Set(identitiesOf(stack.trust))].filter(isOpen),
  };
}

/** The identities of a document that is not validated yet. */
function identitiesOf(trust: unknown): readonly string[] {
  return asList(asFields(trust).statements)
    .flatMap((statement) => identityLists(statement).flatMap(({ entries }) => entries))
    .filter((entry) => typeof entry === "string");
}
