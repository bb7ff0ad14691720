import { findPartition, isRegionName } from "../trust/partition";

/** Stands for the account where it is not known: nothing is compared with it. */
export const NO_ACCOUNT = "000000000000";

/** The account and region of a stack. */
export interface StackPlace {
  /** {@link NO_ACCOUNT} if it is not known. */
  readonly account: string;
  readonly region: string | undefined;
}

/** How the ARNs of ECS begin in a stack's account and region. Undefined if the region is missing or invalid, which is reported separately. */
export function ecsArnsBegin({ account, region }: StackPlace): string | undefined {
  if (region === undefined || !isRegionName(region)) return undefined;
  return `arn:${findPartition(region)}:ecs:${region}:${account}:`;
}
