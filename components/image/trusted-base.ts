import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { IS_COMPILED } from "../../package-root";
import type { ResolvedTrustDocument } from "../../trust/expand";
import type { Fault } from "../../trust/text/fixable-error";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { ComponentError } from "../program-error";
import { BaseVerificationError } from "./base-verification-error";

/** How to verify a base image that is not in a registry with TLS, or not signed by AWS: as the policy `image-verified` has it. */
export interface BaseVerification {
  /** Folder of root certificates to trust instead of AWS Signer's. */
  readonly trustStore?: string | undefined;
  /** A URL to use instead of AWS Signer. */
  readonly signerEndpoint?: string | undefined;
  /** Whether to use HTTP for the registry. */
  readonly plainHttp?: boolean | undefined;
  /** Time limit. Default: 30. */
  readonly timeoutSeconds?: number | undefined;
}

/** A base image, and whom it must be signed by. */
export interface TrustedBase extends BaseVerification {
  /** `REPOSITORY@sha256:...` */
  readonly baseImage: string;
  readonly trust: ResolvedTrustDocument;
}

/** A base image is not trusted. The message has the reason code and says what to do. */
export class BaseImageRefusedError extends ComponentError {
  override readonly name = "BaseImageRefusedError";

  constructor(
    baseImage: string,
    readonly verdict: Pick<Verdict, "status" | "code" | "detail">,
  ) {
    const { status, code, detail } = verdict;
    const outcome = status === "inconclusive" ? "could not be verified" : `is ${status}`;
    super({
      where: "verifier.baseImage",
      what: `${baseImage} ${outcome} (${code}): ${detail.replace(/\.$/, "")}. Nothing was made or changed.`,
      fix:
        status === "inconclusive"
          ? "Try again when the cause is gone: a base image that cannot be verified is not used."
          : "Use a base image that is signed by those in verifier.baseImageTrust.",
    });
  }

  get fault(): Fault {
    return this.verdict.status === "inconclusive" ? "failure" : "answer";
  }
}

/** What the process that verifies prints: the verdict, or why there is none. */
export type BaseImageAnswer =
  | { readonly verdict: Pick<Verdict, "status" | "code" | "detail"> }
  | { readonly verdict?: undefined; readonly problem: string };

/** @throws {@link BaseImageRefusedError} unless the verdict is `trusted`. */
export function requireTrusted(baseImage: string, verdict: Pick<Verdict, "status" | "code" | "detail">): void {
  if (verdict.status !== "trusted") throw new BaseImageRefusedError(baseImage, verdict);
}

/**
 * Verifies a base image and waits for the verdict. In a process of its own, because a constructor cannot await, and resources
 * that do not depend on the verdict would be made meanwhile.
 *
 * @throws {@link BaseImageRefusedError} for each verdict but `trusted`; {@link BaseVerificationError} if there is none.
 */
export function requireTrustedBase(base: TrustedBase, env: NodeJS.ProcessEnv): void {
  const { stdout, stderr, error } = spawnSync(process.execPath, mainArguments(), {
    input: JSON.stringify(base),
    encoding: "utf8",
    env,
  });
  const answer = readAnswer(stdout ?? "");
  if (answer?.verdict === undefined) {
    throw new BaseVerificationError(answer?.problem ?? `verifier.baseImage: no verdict: ${error?.message ?? stderr}`);
  }
  requireTrusted(base.baseImage, answer.verdict);
}

function readAnswer(text: string): BaseImageAnswer | undefined {
  try {
    return JSON.parse(text) as BaseImageAnswer;
  } catch {
    return undefined;
  }
}

/** The arguments of Node.js for the program beside this file: JavaScript in the package, TypeScript in the checkout. */
export function mainArguments(): readonly string[] {
  const main = join(__dirname, "base-image-main");
  return IS_COMPILED ? [`${main}.js`] : ["--import", pathToFileURL(require.resolve("tsx")).href, `${main}.ts`];
}
