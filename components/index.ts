export { Alarms, type AlarmsArgs, type AlarmsChildren } from "./alarms";
export { Canary, type CanaryArgs, type CanaryChildren, type CanarySettings } from "./canary/canary";
export { ChangeAlarms, type ChangeAlarmsArgs, type ChangeAlarmsChildren } from "./changes/change-alarms";
export type { Child, ChildOptions } from "./children";
export { Dashboard, type DashboardArgs, type DashboardChildren } from "./dashboard/dashboard";
export { DeploymentCheck, type DeploymentCheckArgs, type DeploymentCheckChildren } from "./detector/deployment-check";
export { LaunchDetector, type LaunchDetectorArgs, type LaunchDetectorChildren } from "./detector/launch-detector";
export {
  VerifierFunction,
  type VerifierFunctionArgs,
  type VerifierFunctionChildren,
} from "./detector/verifier-function";
export { DeploymentGate } from "./gate/deployment-gate";
export type { DeploymentGateArgs, DeploymentGateChildren } from "./gate/deployment-gate-args";
export { type GateReference, gateAllServices, gateService } from "./gate/gate-service";
export { VerifierImage, type VerifierImageArgs, type VerifierImageChildren } from "./image/verifier-image";
export { ImageVerification } from "./image-verification";
export type { GateArgs, ImageVerificationArgs, ImageVerificationChildren } from "./image-verification-args";
export { Notifications, type NotificationsArgs, type NotificationsChildren } from "./notifications/notifications";
export { OrderWatch, type OrderWatchArgs, type OrderWatchChildren } from "./orders/order-watch";
export { Orders, type OrdersArgs, type OrdersChildren } from "./orders/orders";
export { SampleWorkload, type SampleWorkloadArgs, type SampleWorkloadChildren } from "./sample/sample-workload";
export { SigningProfile, type SigningProfileArgs, type SigningProfileChildren } from "./signing-profile";
export { Sweep } from "./sweep/sweep";
export type { SweepArgs, SweepChildren } from "./sweep/sweep-args";
export type { SweepSettings } from "./sweep/sweep-contradictions";
export { VerdictLedger, type VerdictLedgerArgs, type VerdictLedgerChildren } from "./verdict-ledger";
