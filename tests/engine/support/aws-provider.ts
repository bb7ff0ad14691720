import { awsKinds, type Place } from "./aws-resources";
import type { ProviderPackage } from "./resource-provider";
import { SUBSCRIPTION, snsSubscriptions } from "./sns-subscriptions";

export const ACCOUNT = "111122223333";

/**
 * The package `aws`: one account, in the region of the stack's `aws:region`.
 *
 * @param subscriptions Those of SNS, for who looks into them.
 */
export function awsPackage(subscriptions = snsSubscriptions(ACCOUNT)): ProviderPackage {
  let place: Place = { account: ACCOUNT, region: "eu-west-1", partition: "aws" };
  return {
    name: "aws",
    version: "7.48.0",
    bridged: true,
    kinds: { ...awsKinds(() => place), [SUBSCRIPTION]: subscriptions.kind },
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
      "aws:ecr/getAuthorizationToken:getAuthorizationToken": () => {
        const host = `${place.account}.dkr.ecr.${place.region}.amazonaws.com`;
        const password = "made-up-for-the-stand-ins";
        return {
          id: place.region,
          authorizationToken: Buffer.from(`AWS:${password}`).toString("base64"),
          expiresAt: new Date(Date.now() + 12 * 3600 * 1000).toISOString(),
          proxyEndpoint: `https://${host}`,
          userName: "AWS",
          password,
        };
      },
    },
  };
}
