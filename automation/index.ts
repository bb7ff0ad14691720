export type {
  DeployResult,
  DestroyOptions,
  Environment,
  EnvironmentStatus,
  LastUpdate,
  UpdateOptions,
} from "./environment";
export { createEnvironment } from "./environment";
export {
  ConcurrentUpdate,
  ConfigurationInvalid,
  EnvironmentError,
  EnvironmentNotFound,
  type Failure,
  OperationCancelled,
  OperationFailed,
  PolicyViolation,
  PulumiUnavailable,
} from "./errors";
export type {
  Changes,
  EnvironmentEvent,
  MessageEvent,
  Resource,
  ResourceEvent,
  SummaryEvent,
  Violation,
  ViolationEvent,
} from "./events";
export type { OperationOptions, OperationResult } from "./operation";
export type { EnvironmentOutputs } from "./outputs";
export type { EnvironmentConfiguration, EnvironmentSettings, InlineSettings, ProjectSettings } from "./settings";
