import { fixedName } from "../aws/aws-names";

/**
 * Services keep the ARNs of the gate's function and of the role that invokes it in their hooks, and policies of an
 * organization name them. So these names are fixed instead of made up.
 */
const PREFIX = "ecs-image-verification";

/** Name of the alias that hooks invoke: part of the ARN in every hook. */
export const LIVE = "live";

/** The names of the functions of an environment's gate. */
export function functionNames(environment: string) {
  return {
    gate: fixedName(`${PREFIX}-gate`, environment),
    keeper: fixedName(`${PREFIX}-keeper`, environment),
  };
}

/** The names of the roles. Roles are global in an account, so they have the region. */
export function roleNames(environment: string, region: string) {
  return {
    gate: fixedName(`${PREFIX}-gate-${region}`, environment),
    invoker: fixedName(`${PREFIX}-gate-invoker-${region}`, environment),
    keeper: fixedName(`${PREFIX}-keeper-${region}`, environment),
  };
}
