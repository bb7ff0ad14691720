import { fixedName } from "../aws/aws-names";

/**
 * The name of the coordinator's function in an environment. It is fixed, because its role lets it invoke itself, and the role is made
 * before the function.
 */
export function coordinatorName(environment: string): string {
  return fixedName("ecs-image-verification-sweep", environment);
}
