import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { isAccountId, isRegionName } from "../../trust/partition";
import { describeAwsError } from "../../verifier/src/aws-error";

/** The account of this machine's AWS credentials, or why it is not known. */
export interface CallerAccount {
  readonly account?: string;
  readonly problem?: string;
}

/** Asks AWS whose the credentials are. Every credential may ask that: it needs no permission. */
export async function callerAccount(region: string): Promise<CallerAccount> {
  if (!isRegionName(region)) return { problem: `${region} is not an AWS region` };
  // A person waits for it: a network without a way to AWS must not hold the answer up for minutes.
  const limits = { connectionTimeout: 3_000, requestTimeout: 5_000 };
  const client = new STSClient({ region, maxAttempts: 2, requestHandler: limits });
  try {
    const { Account: account } = await client.send(new GetCallerIdentityCommand({}));
    if (account !== undefined && isAccountId(account)) return { account };
    return { problem: "AWS named no account" };
  } catch (error) {
    return { problem: describeAwsError(error) };
  } finally {
    client.destroy();
  }
}
