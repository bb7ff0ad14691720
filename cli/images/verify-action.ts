import { withoutUndefined } from "../../trust/text/without-undefined";
import { inParallel } from "../../verifier/src/in-parallel";
import { decideByName } from "../../verifier/src/verification/decide-by-name";
import { createNameJudge, type Judge } from "../../verifier/src/verification/judge";
import type { Verification } from "../../verifier/src/verification/on-this-machine";
import { referenceSubject } from "../../verifier/src/verification/subject";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { deployedEnvironment } from "../environments/deployed";
import { isDeployed } from "../environments/deployed-options";
import { placeFor } from "../gate/judging";
import type { JudgingOptions } from "../gate/judging-options";
import { UsageError } from "../lib/errors";
import { toExitCode } from "../lib/exit-code";
import { whileWaiting } from "../lib/spinner";
import { applyOrders } from "../orders/apply-orders";
import { checkPlaygroundRegistries } from "../playground/in-force";
import type { TrustOptions } from "../trust/options";
import type { ImageAccess } from "./image-access";
import { isPlainHttpMissing, PLAIN_HTTP_ADVICE } from "./plain-http";
import { readReferences } from "./read-references";
import { findSignerPlugin } from "./signer-plugin";
import { IMAGES_AT_ONCE, type JudgingTrust, startOnTrust, withRoots } from "./start-judging";
import { summaryLine, verdictJson, verdictText } from "./verdict-output";
import { checkOneRegistry, givenCredentials, machineLogins } from "./verify-credentials";

/** The options of `verify`. */
export interface VerifyOptions extends ImageAccess, TrustOptions, JudgingOptions {
  readonly json?: true;
}

/** Prints the verdict on each image and sets the combined exit code. */
export async function verify(references: string[], options: VerifyOptions): Promise<void> {
  const registries = new Set(readReferences(references).map(({ registry }) => registry));
  checkPlaygroundRegistries([...registries]);
  checkOneRegistry(options, registries);
  const { judging, around } = await findTrust(options);
  // An option that names none is a mistake, needed or not.
  if (options.plugin !== undefined) findSignerPlugin(options.plugin, process.env);
  const verification = await start(references, registries, { judging, around }, options);
  const verdicts: Verdict[] = [];
  try {
    await whileWaiting(
      () => `verifying ${references.length === 1 ? "the image" : `images: ${verdicts.length}/${references.length}`}`,
      async (clear) => {
        const verifyOne = async (reference: string) => ({ reference, verdict: await verification.verify(reference) });
        for await (const { reference, verdict } of inParallel(references, IMAGES_AT_ONCE, verifyOne)) {
          verdicts.push(verdict);
          clear();
          process.stdout.write(`${options.json ? verdictJson(reference, verdict) : verdictText(reference, verdict)}\n`);
        }
      },
    );
  } finally {
    await verification.stop();
  }
  if (verdicts.length > 1) process.stderr.write(`${summaryLine(verdicts)}\n`);
  if (options.json && verdicts.some(isPlainHttpMissing)) {
    process.stderr.write(`A registry answers with HTTP, not with TLS. ${PLAIN_HTTP_ADVICE}\n`);
  }
  process.exitCode = toExitCode(verdicts.map(({ status }) => status));
}

/** Whom the images are judged by. */
interface Trusted {
  readonly judging: JudgingTrust;
  /** The orders of the environment that the options name. */
  readonly around: ((judge: Judge) => Judge) | undefined;
}

async function findTrust(options: VerifyOptions): Promise<Trusted> {
  const { trust, account, region, trustStore } = options;
  if (trust === undefined && !isDeployed(options)) {
    throw new UsageError(
      "Say whom to trust: --trust FILE (such as trust.yaml or Pulumi.prod.yaml), or --stack NAME or --outputs FILE of a deployed environment, which says all that is needed.",
    );
  }
  const outputs = isDeployed(options) ? await deployedEnvironment(options) : undefined;
  const place = { ...outputs, ...withoutUndefined({ account, region }) };
  const instead = outputs === undefined ? { instead: INSTEAD } : {};
  const placed = await placeFor(options, place, instead);
  return { judging: await withRoots(placed.trust, trustStore), around: outputs && applyOrders(outputs) };
}

const INSTEAD = "A deployed environment has all of these: --stack NAME, or --outputs FILE.";

/** Starts what the images need: those that are decided by name need neither a plugin nor a program, and no password. */
async function start(
  references: readonly string[],
  registries: ReadonlySet<string>,
  { judging, around }: Trusted,
  options: VerifyOptions,
): Promise<Pick<Verification, "verify" | "stop">> {
  const startedAt = Date.now();
  const byName = { trust: judging.trust, now: () => startedAt };
  if (references.every((reference) => "judged" in decideByName(referenceSubject(reference), byName))) {
    const nameJudge = createNameJudge(byName);
    const judge = around === undefined ? nameJudge : around(nameJudge);
    return { verify: (reference) => judge(referenceSubject(reference)), stop: async () => {} };
  }
  // Before a password is asked for.
  findSignerPlugin(options.plugin, process.env);
  return startOnTrust(judging, options, {
    machineLogins: machineLogins(options, registries),
    credentials: await givenCredentials(options, registries, judging.trust),
    chooseAround: () => around,
  });
}
