import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetSigningPlatformCommand, SignerClient } from "@aws-sdk/client-signer";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type AwsAnswer, askBriefly, ONCE } from "./ask-aws";
import { type Caller, PLATFORM } from "./judge-aws";
import type { Concurrency } from "./judge-lambda";

/** Whose credentials these are. It needs no permission. */
export function askCaller(region: string): Promise<AwsAnswer<Caller>> {
  const sts = new STSClient({ region, ...ONCE });
  return askBriefly(async (abortSignal) => {
    const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}), { abortSignal });
    return { account: Account, arn: Arn };
  });
}

/** Whether AWS Signer knows the platform of container images in a region. */
export function askSigner(region: string): Promise<AwsAnswer<string>> {
  const signer = new SignerClient({ region, ...ONCE });
  return askBriefly(async (abortSignal) => {
    const { platformId = "" } = await signer.send(new GetSigningPlatformCommand({ platformId: PLATFORM }), {
      abortSignal,
    });
    return platformId;
  });
}

/** How many invocations the account may have at a time. */
export function askConcurrency(region: string): Promise<AwsAnswer<Concurrency>> {
  const lambda = new LambdaClient({ region, ...ONCE });
  return askBriefly(async (abortSignal) => {
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}), { abortSignal });
    const { ConcurrentExecutions: limit = 0, UnreservedConcurrentExecutions: unreserved = 0 } = AccountLimit ?? {};
    return { limit, unreserved };
  });
}
