import { DeploymentGate } from "../../../../components/gate/deployment-gate";
import type { DeploymentGateArgs } from "../../../../components/gate/deployment-gate-args";
import { children, named, type RunOptions, runProgram } from "../run-program";
import { resolvedTrust } from "../settings";

export const ARGS: DeploymentGateArgs = {
  environment: "prod",
  imageUri: "registry/verifier@sha256:1",
  architecture: "arm64",
  trust: resolvedTrust(),
  settingsHash: "c0ffee",
  openHours: 8,
  onInconclusive: "alert",
  ledger: { tableName: "ledger", tableArn: "arn:ledger" },
  orders: { tableName: "orders", tableArn: "arn:orders", keyArn: "arn:key" },
  eventBusArn: "arn:bus",
  topicArn: "arn:topic",
};
export const PLACE = { partition: "aws", region: "eu-west-1", account: "111122223333" };
export const GATE = "arn:aws:lambda:eu-west-1:111122223333:function:ecs-image-verification-gate-prod";
export const KEEPER = "arn:aws:lambda:eu-west-1:111122223333:function:ecs-image-verification-keeper-prod";
export const INVOKER = "arn:aws:iam::111122223333:role/ecs-image-verification-gate-invoker-eu-west-1-prod";
export const SERVICE = "arn:aws:ecs:eu-west-1:111122223333:service/web/shop";
export const CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/web";
export const logGroup = (name: string) => `arn:aws:logs:eu-west-1:111122223333:log-group:${name}`;

export function run(changes: Partial<DeploymentGateArgs> = {}, options?: RunOptions) {
  return runProgram(() => {
    const gate = new DeploymentGate("gate", { ...ARGS, ...changes });
    const { targetArn, invokerRoleArn, mode, functionName, functionArn, logGroupName, keeperFunctionName } = gate;
    return { targetArn, invokerRoleArn, mode, functionName, functionArn, logGroupName, keeperFunctionName };
  }, options);
}

type Run = Awaited<ReturnType<typeof run>>;

export const variablesOf = (result: Run, name: string) =>
  (named(result, name).inputs.environment as { variables: Readonly<Record<string, string>> }).variables;
export const namesOf = (result: Run) => children(result).map(([name]) => name);

const RULE = "arn:aws:events:eu-west-1:111122223333:rule";
/** The rule, the permission and the target of a call. */
export const call = (name: string, rule: object, permission: object, target: object) => [
  [
    `${name}-permission`,
    "aws:lambda/permission:Permission",
    {
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: `${RULE}/${name}-rule`,
      ...permission,
    },
  ],
  [`${name}-rule`, "aws:cloudwatch/eventRule:EventRule", rule],
  [`${name}-target`, "aws:cloudwatch/eventTarget:EventTarget", { rule: `${name}-rule`, ...target }],
];
