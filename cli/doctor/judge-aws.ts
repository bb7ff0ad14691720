import { findPartition, isRegionName, PartitionUnsupportedError, trustStoreName } from "../../trust/partition";
import { KNOWN_REGIONS } from "../../trust/regions";
import { suggestKey } from "../../trust/suggest-key";
import { areCredentialsRefused } from "../lib/aws-errors";
import type { AwsAnswer } from "./ask-aws";
import { about, EVERY_USE, type Finding } from "./finding";

const region = about({ id: "region", name: "AWS region", uses: EVERY_USE });

/** Which region is meant, and who says so. */
export interface ChosenRegion {
  readonly name: string | undefined;
  /** Such as AWS_REGION, or the stack's file. */
  readonly from: string;
}

export function judgeRegion({ name, from }: ChosenRegion): Finding {
  if (name === undefined)
    return region.problem("is not known", "Set AWS_REGION, or name a stack whose file has aws:region: --stack NAME.");
  if (!isRegionName(name))
    return region.problem(
      `${from} says ${JSON.stringify(name)}, which is not a region`,
      "Use a name such as eu-west-1.",
    );
  try {
    trustStoreName(findPartition(name));
  } catch (error) {
    if (error instanceof PartitionUnsupportedError)
      return region.problem(`${name} (${from}) is in a partition without a known root of AWS Signer`, error.message);
    throw error;
  }
  if (KNOWN_REGIONS.includes(name)) return region.ok(`${name} (${from})`);
  const near = suggestKey(name, KNOWN_REGIONS);
  return region.warning(
    `${name} (${from}) is not known to this version`,
    near === undefined
      ? "If AWS has added it, this can be ignored."
      : `Is ${near} meant? If AWS has added it, this can be ignored.`,
  );
}

const credentials = about({ id: "credentials", name: "AWS credentials", uses: EVERY_USE });

/** Whom the credentials are of. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
}

/** @param allowed The accounts that the stack's file allows; any if empty. */
export function judgeCredentials(answer: AwsAnswer<Caller>, allowed: readonly string[]): Finding {
  if (answer.kind === "silent") return credentials.warning(`were not tried: ${answer.why}`, CHECK_NETWORK);
  if (answer.kind === "error" && areNone(answer.error)) {
    return credentials.problem(
      "none were found",
      "Set AWS_PROFILE to a profile that you have, or make one with `aws configure`, or `aws configure sso` and `aws sso login`.",
    );
  }
  if (answer.kind === "error") return credentials.problem(answer.says, "Log in to AWS again, or set AWS_PROFILE.");
  const { account, arn } = answer.value;
  if (allowed.length > 0 && !allowed.includes(account)) {
    return credentials.problem(
      `are of the account ${account}, and the stack's file allows ${allowed.join(", ")}`,
      "Set AWS_PROFILE, or log in to that account.",
    );
  }
  return credentials.ok(`${arn}`);
}

/** An expired login to AWS has an error of the same name. */
function areNone(error: unknown): boolean {
  return (
    error instanceof Error && error.name === "CredentialsProviderError" && /from any providers/.test(error.message)
  );
}

const signer = about({ id: "signer", name: "AWS Signer", uses: EVERY_USE });

/** The platform whose profiles sign container images. */
export const PLATFORM = "Notation-OCI-SHA384-ECDSA";

/** @param hasAws Whether AWS answered in this region to something else. */
export function judgeSigner(answer: AwsAnswer<string>, { name = "" }: ChosenRegion, hasAws: boolean): Finding {
  if (answer.kind === "answer") return signer.ok(`signs container images in ${name}`);
  if (answer.kind === "silent") {
    if (hasAws && answer.isUnknownHost) {
      return signer.problem(
        `has no address in ${name}`,
        "Use a region that has it: https://docs.aws.amazon.com/general/latest/gr/signer.html",
      );
    }
    return signer.warning(`was not asked in ${name}: ${answer.why}`, CHECK_NETWORK);
  }
  if (answer.isDenied)
    return signer.ok(`answers in ${name}; these credentials may not read its platforms (signer:GetSigningPlatform)`);
  if (areCredentialsRefused(answer.error)) return signer.warning("was not asked: it needs credentials");
  return signer.problem(
    `in ${name}: ${answer.says}`,
    `If it does not know the platform ${PLATFORM}, use another region: https://docs.aws.amazon.com/general/latest/gr/signer.html`,
  );
}

const CHECK_NETWORK = "Check the network, proxies and AWS_ENDPOINT_URL, and run this again.";
