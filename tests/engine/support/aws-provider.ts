import { awsKinds, type Place } from "./aws-resources";
import { iamRoles } from "./iam-roles";
import type { ProviderPackage } from "./resource-provider";
import { describeFunction } from "./running-functions";
import { SUBSCRIPTION, snsSubscriptions } from "./sns-subscriptions";

export const ACCOUNT = "111122223333";
/** What ECR gives for its registries. */
export const REGISTRY_PASSWORD = "made-up-for-the-stand-ins";

/**
 * The package `aws`: one account, in the region of the stack's `aws:region`.
 *
 * @param subscriptions Those of SNS, for tests that look into them.
 * @param registryUrl Where ECR says that a registry is. Default: where AWS has it, which nobody here can reach.
 * @param roles Those of IAM, for tests that look into them.
 */
export function awsPackage(
  subscriptions = snsSubscriptions(ACCOUNT),
  registryUrl = ({ account, region }: Place) => `https://${account}.dkr.ecr.${region}.amazonaws.com`,
  roles = iamRoles(),
): ProviderPackage {
  let place: Place = { account: ACCOUNT, region: "eu-west-1", partition: "aws" };
  return {
    name: "aws",
    version: "7.48.0",
    bridged: true,
    kinds: { ...roles.keepRules(awsKinds(() => place)), [SUBSCRIPTION]: subscriptions.kind },
    configure({ region }) {
      if (typeof region === "string") place = { ...place, region };
    },
    functions: {
      "aws:index/getCallerIdentity:getCallerIdentity": () => ({
        id: place.account,
        accountId: place.account,
        arn: `arn:${place.partition}:iam::${place.account}:role/deployer`,
        userId: "AROAEXAMPLE:deployer",
      }),
      "aws:index/getPartition:getPartition": () => ({
        id: place.partition,
        partition: place.partition,
        dnsSuffix: "amazonaws.com",
        reverseDnsPrefix: "com.amazonaws",
      }),
      "aws:index/getRegion:getRegion": () => ({
        id: place.region,
        region: place.region,
        name: place.region,
        endpoint: `ec2.${place.region}.amazonaws.com`,
        description: place.region,
      }),
      "aws:lambda/getFunction:getFunction": describeFunction,
      "aws:ecr/getAuthorizationToken:getAuthorizationToken": () => ({
        id: place.region,
        authorizationToken: Buffer.from(`AWS:${REGISTRY_PASSWORD}`).toString("base64"),
        expiresAt: new Date(Date.now() + 12 * 3600 * 1000).toISOString(),
        proxyEndpoint: registryUrl(place),
        userName: "AWS",
        password: REGISTRY_PASSWORD,
      }),
    },
  };
}
