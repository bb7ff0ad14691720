import type { ImageVerificationArgs } from "./args";

/**
 * What an argument must be: a `word` is one of a few, which its reader knows; an `input` may be an output of another resource,
 * whose value is only known later.
 */
export type Kind = "text" | "word" | "number" | "flag" | "list" | "input";

/** Each argument of the component: programs in YAML and other languages pass what their own compiler lets through. */
export const KINDS: Readonly<Record<keyof ImageVerificationArgs, Kind>> = {
  trust: "text",
  environment: "text",
  mode: "word",
  onInconclusive: "word",
  giveUpAfterSeconds: "number",
  verdictTtlSeconds: "number",
  verificationTimeoutSeconds: "number",
  maxSignatures: "number",
  stopBudget: "number",
  ledgerDays: "number",
  exemptionHours: "number",
  clusters: "input",
  signingProfileArn: "text",
  signatureValidityMonths: "number",
  architecture: "word",
  memoryMiB: "number",
  timeoutSeconds: "number",
  reservedConcurrency: "number",
  imageUri: "text",
  baseImage: "text",
  baseImageTrust: "text",
  logRetentionDays: "number",
  logKmsKeyArn: "input",
  eventBus: "input",
  runbookUrl: "text",
  email: "list",
  slackWebhookUrl: "input",
  pagerDutyRoutingKey: "input",
  gateMode: "word",
  gateAttach: "word",
  gateServices: "list",
  sweepEveryHours: "number",
  sweepMode: "word",
  findings: "flag",
  sampleWorkload: "flag",
  dashboard: "flag",
  protect: "flag",
  forceDelete: "flag",
};
