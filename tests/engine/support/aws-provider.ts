import { type Credentials, keptByAccount, refuseAccount } from "./aws-accounts";
import { awsKinds, type Place } from "./aws-resources";
import { iamRoles } from "./iam-roles";
import type { ProviderPackage } from "./resource-provider";
import { describeFunction } from "./running-functions";
import { SUBSCRIPTION, snsSubscriptions } from "./sns-subscriptions";
import { describeTable } from "./tables";

export const ACCOUNT = "111122223333";
/** What ECR gives for its registries. */
export const REGISTRY_PASSWORD = "made-up-for-the-stand-ins";

/**
 * The package `aws`: one account at a time, in the region of the stack's `aws:region`.
 *
 * @param subscriptions Those of SNS, for tests that look into them.
 * @param registryUrl Where ECR says that a registry is. Default: where AWS has it, which nobody here can reach.
 * @param roles Those of IAM, for tests that look into them.
 * @param credentials Those in use, for tests that change them between two runs.
 */
export function awsPackage(
  subscriptions = snsSubscriptions(ACCOUNT),
  registryUrl = ({ account, region }: Place) => `https://${account}.dkr.ecr.${region}.amazonaws.com`,
  roles = iamRoles(),
  credentials: Credentials = { account: ACCOUNT },
): ProviderPackage {
  let region = "eu-west-1";
  const here = (): Place => ({ account: credentials.account, region, partition: "aws" });
  return {
    name: "aws",
    version: "7.48.0",
    bridged: true,
    kinds: keptByAccount({ ...roles.keepRules(awsKinds(here)), [SUBSCRIPTION]: subscriptions.kind }, credentials),
    configure({ region: configured, allowedAccountIds }) {
      refuseAccount(allowedAccountIds, credentials);
      if (typeof configured === "string") region = configured;
    },
    functions: {
      "aws:index/getCallerIdentity:getCallerIdentity": () => ({
        id: credentials.account,
        accountId: credentials.account,
        arn: `arn:aws:iam::${credentials.account}:role/deployer`,
        userId: "AROAEXAMPLE:deployer",
      }),
      "aws:index/getPartition:getPartition": () => ({
        id: "aws",
        partition: "aws",
        dnsSuffix: "amazonaws.com",
        reverseDnsPrefix: "com.amazonaws",
      }),
      "aws:index/getRegion:getRegion": () => ({
        id: region,
        region,
        name: region,
        endpoint: `ec2.${region}.amazonaws.com`,
        description: region,
      }),
      "aws:dynamodb/getTable:getTable": describeTable,
      "aws:lambda/getFunction:getFunction": describeFunction,
      "aws:ecr/getAuthorizationToken:getAuthorizationToken": () => ({
        id: region,
        authorizationToken: Buffer.from(`AWS:${REGISTRY_PASSWORD}`).toString("base64"),
        expiresAt: new Date(Date.now() + 12 * 3600 * 1000).toISOString(),
        proxyEndpoint: registryUrl(here()),
        userName: "AWS",
        password: REGISTRY_PASSWORD,
      }),
    },
  };
}
