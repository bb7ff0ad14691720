export type {
  DeployResult,
  DestroyOptions,
  Environment,
  EnvironmentStatus,
  LastUpdate,
  UpdateOptions,
} from "./environments/environment";
export { createEnvironment } from "./environments/environment";
export {
  AccountMismatch,
  ConcurrentUpdate,
  ConfigurationInvalid,
  EnvironmentError,
  EnvironmentNotFound,
  type Failure,
  OperationCancelled,
  OperationFailed,
  PolicyViolation,
  PulumiUnavailable,
} from "./environments/errors";
export type {
  Changes,
  EnvironmentEvent,
  MessageEvent,
  Resource,
  ResourceEvent,
  SummaryEvent,
  Violation,
  ViolationEvent,
} from "./environments/events";
export type { OperationOptions, OperationResult } from "./environments/operation";
export type { EnvironmentOutputs } from "./environments/outputs";
export type {
  EnvironmentConfiguration,
  EnvironmentSettings,
  InlineSettings,
  ProjectSettings,
} from "./environments/settings";
