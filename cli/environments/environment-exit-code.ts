import {
  ConcurrentUpdate,
  ConfigurationInvalid,
  type EnvironmentError,
  EnvironmentNotFound,
  OperationCancelled,
  PolicyViolation,
} from "../../automation/environments/errors";
import { EXIT } from "../lib/exit-code";

/** The exit code for what the automation library throws. */
export function exitCodeOfError(error: EnvironmentError): number {
  if (error instanceof PolicyViolation) return EXIT.denied;
  if (error instanceof ConfigurationInvalid || error instanceof EnvironmentNotFound) return EXIT.usage;
  if (error instanceof ConcurrentUpdate) return EXIT.later;
  if (error instanceof OperationCancelled) return EXIT.interrupted;
  return EXIT.inconclusive;
}
