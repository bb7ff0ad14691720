import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import type * as pulumi from "@pulumi/pulumi";

export interface Place {
  /** AWS account: 12 digits. */
  readonly account: pulumi.Output<string>;
  readonly region: pulumi.Output<string>;
}

/** The account and region of a component's AWS provider, which need not be the program's default provider. */
export function findPlace(component: pulumi.ComponentResource): Place {
  return { account: findAccount(component), region: findRegion(component) };
}

/** The account of a component's AWS provider. */
export function findAccount(component: pulumi.ComponentResource): pulumi.Output<string> {
  return getCallerIdentityOutput({}, { parent: component }).accountId;
}

/** The region of a component's AWS provider. */
export function findRegion(component: pulumi.ComponentResource): pulumi.Output<string> {
  return getRegionOutput({}, { parent: component }).region;
}
