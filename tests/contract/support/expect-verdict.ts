import assert from "node:assert/strict";
import { parseReference, repositoryName } from "../../../trust";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { VerificationFacts, VerificationRequest } from "../../../verifier/src/notation/protocol";
import type { Judgement } from "../../../verifier/src/verification/judge-facts";
import { type ReasonCode, type Status, toStatus } from "../../../verifier/src/verification/verdict";
import { judgeByAnyone } from "./judge-by-anyone";
import { type CliRunOptions, saysVerified } from "./notation-cli";
import type { Verifiers } from "./verifiers";

export interface VerdictExpectation {
  /** What the explanation must say. */
  readonly detail?: RegExp;
  /** Whether the Notation CLI says the same: it verifies exactly what is trusted. */
  readonly cli: "agrees" | "disagrees" | "not asked";
  /** Brings about the circumstances; done before each of the two is asked. */
  readonly before?: () => void;
  readonly credentials?: NonNullable<VerificationRequest["credentials"]>;
  /** Of our process, in milliseconds. Default: 30 s. */
  readonly deadlineMs?: number;
  readonly maxSignatures?: number;
  /** Whether our process takes the registry for one of ECR's. */
  readonly ecr?: boolean;
  /** When the CLI, which has no deadline, is killed. */
  readonly cliTimeoutMs?: number;
}

/** What our process has found out, for further assertions. */
export interface Verified {
  readonly facts: VerificationFacts;
  readonly judgement: Judgement;
  /** How often our process has asked AWS Signer. */
  readonly signerCalls: number;
  readonly milliseconds: number;
}

/** Has an image verified by our process, then by the CLI, and asserts what they say. */
export async function expectVerdict(
  verifiers: Verifiers,
  reference: string,
  verdict: `${Status} ${ReasonCode}`,
  expectation: VerdictExpectation,
): Promise<Verified> {
  const verified = await verify(verifiers, reference, expectation);

  const { code, detail } = verified.judgement;
  const status = toStatus(code);
  assert.equal(`${status} ${code}`, verdict, `${detail}\n${JSON.stringify(verified.facts, null, 2)}`);
  if (expectation.detail !== undefined) assert.match(detail, expectation.detail);
  if (expectation.cli !== "not asked") {
    const trusted = status === "trusted";
    await expectOfCli(verifiers, reference, verified, expectation, expectation.cli === "agrees" ? trusted : !trusted);
  }
  return verified;
}

async function verify(verifiers: Verifiers, reference: string, expectation: VerdictExpectation): Promise<Verified> {
  const { before, credentials, maxSignatures, ecr, deadlineMs = 30_000 } = expectation;
  before?.();
  const callsBefore = verifiers.signerCalls();
  const startedAt = performance.now();
  const facts = await verifiers.notation.verify({
    reference,
    deadlineMs,
    ...withoutUndefined({ credentials, maxSignatures, ecr }),
  });
  const milliseconds = performance.now() - startedAt;
  const signerCalls = verifiers.signerCalls() - callsBefore;
  return { facts, judgement: judgeByAnyone(facts), signerCalls, milliseconds };
}

async function expectOfCli(
  { cli }: Verifiers,
  reference: string,
  { facts }: Verified,
  { before, credentials, maxSignatures, cliTimeoutMs }: VerdictExpectation,
  trusted: boolean,
): Promise<void> {
  const limit = maxSignatures === undefined ? [] : ["--max-signatures", String(maxSignatures)];
  const options: CliRunOptions = withoutUndefined({ credentials, timeoutMs: cliTimeoutMs });
  before?.();
  const run = await cli(["verify", "-v", "--insecure-registry", ...limit, reference], options);

  const parsed = parseReference(reference);
  const verified = saysVerified(run, repositoryName(parsed), parsed.digest ?? facts.digest ?? "(no digest)");
  const { exitCode, stdout, stderr } = run;
  const text = `exit code ${exitCode}\nstdout: ${stdout}\nstderr: ${stderr}`;
  assert.equal(verified, trusted, `the Notation CLI says otherwise: ${text}`);
  // Level `skip` apart, which no test here asks the CLI about, success and exit code 0 are one.
  assert.equal(exitCode === 0, trusted, text);
}
