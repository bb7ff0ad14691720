import { fixedName } from "../aws/aws-names";

/**
 * Services keep the ARNs of the gate's function and of the role that invokes it in their hooks, and policies of an
 * organization name them. So these names are fixed instead of made up.
 */
const PREFIX = "ecs-image-verification";

/** How the name of each gate's function begins; the invoker role's name begins with the second. */
export const GATE_NAME = `${PREFIX}-gate`;
export const INVOKER_NAME = `${GATE_NAME}-invoker`;

/** Name of the alias that hooks invoke: part of the ARN in every hook. */
export const LIVE = "live";

/** The command of the image that answers ECS's hooks; the keeper's function runs the same image with another one. */
export const ANSWERS_HOOKS = "deployment.handler";

/** The names of the functions of an environment's gate. */
export function functionNames(environment: string) {
  return {
    gate: fixedName(GATE_NAME, environment),
    keeper: fixedName(`${PREFIX}-keeper`, environment),
  };
}

/** The names of the roles. Roles are global in an account, so they have the region. */
export function roleNames(environment: string, region: string) {
  return {
    gate: fixedName(`${GATE_NAME}-${region}`, environment),
    invoker: fixedName(`${INVOKER_NAME}-${region}`, environment),
    keeper: fixedName(`${PREFIX}-keeper-${region}`, environment),
  };
}
