import type { EnvironmentOutputs } from "../../automation/environments/outputs";

/** What the stack of a deployed environment gives out, without the optional parts. */
export const OUTPUTS: EnvironmentOutputs = {
  environment: "prod",
  account: "111122223333",
  region: "eu-west-1",
  mode: "enforce",
  registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
  signingProfileArn: "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release",
  functionName: "verifier",
  logGroup: "verifier-log",
  ledgerTable: "ledger",
  failureQueue: "failures",
  deadLetterQueue: "dead-letters",
  unconfirmedRecipients: [],
};

export const OUTPUTS_WITH_ORDERS: EnvironmentOutputs = {
  ...OUTPUTS,
  ordersTable: "orders",
  ordersKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/0d990263-018e-4e65-a703-eff731de951e",
  exemptionHours: 8,
};
