import { ConfigurationError, type ConfigurationProblem, formatKey } from "../../configuration/problem";
import { type Configuration, readConfiguration } from "../../configuration/read";
import { stackIdentities, withStackIdentities } from "../../configuration/stack-identities";
import { NO_ACCOUNT } from "../../configuration/stack-place";
import { configurationWarnings } from "../../configuration/warnings";
import { parseTrustDocument, type TrustDocument } from "../../trust/document";
import { isRegionName } from "../../trust/partition";
import type { Problem } from "../../trust/problem";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { printable } from "../lib/printable";
import { type CheckOptions, caught, type Findings } from "./findings";
import { dependsOnAccount, impliedAccount, unknownProfile } from "./place";
import { regionWarnings, unknownRegion } from "./region-warnings";
import { accountOfStack, parseStackFile, type StackFile } from "./stack-file";
import { trustWarnings } from "./warnings";

/** Checks the whole configuration of a stack's file, as `pulumi up` would. */
export function checkStack(stack: string, value: unknown, { account, now }: CheckOptions): Findings {
  const file = parseStackFile(stack, value);
  const document = documentIn(file, now);
  const own = account ?? accountOfStack(file);
  const configuration = configurationFindings(file, own ?? NO_ACCOUNT, document);
  return {
    problems: [...file.problems, ...configuration.problems],
    warnings: [
      ...file.warnings,
      ...configuration.warnings,
      ...(document === undefined ? [] : trustWarnings(document, now).map(underTrust)),
    ],
    notChecked: notCheckedIn(file, own, document),
  };
}

function regionIn({ source }: StackFile): string | undefined {
  return source.region !== undefined && isRegionName(source.region) ? source.region : undefined;
}

/** The trust document if it is valid by itself; profiles of other stacks are assumed to be valid. */
function documentIn(file: StackFile, now: Date): TrustDocument | undefined {
  const profile = unknownProfile(NO_ACCOUNT, regionIn(file) ?? "us-east-1", 0);
  const parsed = caught(() =>
    parseTrustDocument(
      withStackIdentities(file.trust, () => profile),
      { now },
    ),
  );
  return "result" in parsed ? parsed.result : undefined;
}

function configurationFindings(
  file: StackFile,
  own: string,
  document: TrustDocument | undefined,
): Pick<Findings, "problems" | "warnings"> {
  // If it is not a mapping, every key would be reported as missing.
  if (file.problems.length > 0) return { problems: [], warnings: [] };
  const region = regionIn(file);
  const implied = document === undefined || region === undefined ? undefined : impliedAccount(document, region);
  const account = own === NO_ACCOUNT ? (implied ?? own) : own;
  try {
    const configuration = readConfiguration({ ...file.source, account });
    return {
      problems: [],
      warnings: [...configurationWarnings(configuration, {}).map(asProblem), ...regionsIn(configuration)],
    };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const problems = error.problems.map(asProblem).filter(({ path }) => !isEncrypted(path, file.encrypted));
    return { problems, warnings: [] };
  }
}

/** Those in the trust document are found with the other warnings about it. */
function regionsIn({ trust: _, region, ...rest }: Configuration): readonly Problem[] {
  const unknown = unknownRegion(region);
  return [
    ...(unknown === undefined ? [] : [{ path: "aws:region", value: region, ...unknown }]),
    ...regionWarnings(rest, formatKey),
  ];
}

function notCheckedIn(
  file: StackFile,
  account: string | undefined,
  document: TrustDocument | undefined,
): readonly string[] {
  const stacks = stackIdentities(file.trust).map(({ text }) => printable(text));
  const dependent = document !== undefined && dependsOnAccount(document);
  return [
    ...(dependent && account === undefined ? ["what `self` becomes (give --account)"] : []),
    ...(stacks.length > 0 ? [`the signing profile of ${[...new Set(stacks)].join(", ")} (pulumi up reads it)`] : []),
    ...(file.encrypted.length > 0
      ? [`what is encrypted: ${file.encrypted.map((key) => printable(key)).join(", ")}`]
      : []),
    ...(file.importsEnvironments ? ["what the environments of Pulumi ESC add (`environment`)"] : []),
  ];
}

function asProblem({ key, value, message, allowed, fix }: ConfigurationProblem): Problem {
  return {
    path: key,
    value,
    message: message.replace(/\.$/, ""),
    ...withoutUndefined({ allowed, fix }),
  };
}

function isEncrypted(path: string, encrypted: readonly string[]): boolean {
  return encrypted.some((key) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`));
}

function underTrust(problem: Problem): Problem {
  return { ...problem, path: `${formatKey(["trust"])}.${problem.path}` };
}
