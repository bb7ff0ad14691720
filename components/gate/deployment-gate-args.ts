import type * as iam from "@pulumi/aws/iam";
import type * as lambda from "@pulumi/aws/lambda";
import type * as pulumi from "@pulumi/pulumi";
import type { AttachSetting, GateMode } from "../../verifier/src/gate/hook";
import type { Child, Sensitive } from "../children";
import type { DeploymentCheckChildren } from "../detector/deployment-check";
import type { VerifierFunctionArgs } from "../detector/verifier-function";
import type { FunctionCallChildren } from "../function-call";
import type { GateAlarmsChildren } from "./gate-alarms";
import type { GateFunctionChildren, GateRuntimeArgs } from "./gate-function";
import type { GateKeeperChildren } from "./gate-keeper";

/** Changes to the resources that the component makes directly. */
export interface DeploymentGateResources {
  /** What hooks invoke. */
  readonly alias?: Child<lambda.AliasArgs>;
  /** How often Lambda retries heartbeats. */
  readonly retries?: Child<lambda.FunctionEventInvokeConfigArgs>;
  /** The role with which ECS invokes the function. */
  readonly invoker?: Child<iam.RoleArgs>;
  readonly invokerPolicy?: Child<iam.RolePolicyArgs>;
  /** Whose removal fails while services have the hook. */
  readonly guard?: Child<lambda.InvocationArgs>;
}

export interface DeploymentGateChildren extends DeploymentGateResources {
  readonly function?: GateFunctionChildren;
  readonly check?: DeploymentCheckChildren;
  readonly heartbeat?: FunctionCallChildren;
  readonly keeper?: GateKeeperChildren;
  readonly schedule?: FunctionCallChildren;
  /** Calls of UpdateService, by CloudTrail. */
  readonly changes?: FunctionCallChildren;
  readonly deployments?: FunctionCallChildren;
  readonly alarms?: GateAlarmsChildren;
}

export const DEPLOYMENT_GATE_SENSITIVE: Sensitive<DeploymentGateResources> = {
  alias: ["name", "functionName", "functionVersion", "routingConfig"],
  retries: [],
  invoker: ["name", "assumeRolePolicy", "managedPolicyArns", "inlinePolicies"],
  invokerPolicy: ["role", "policy"],
  guard: ["functionName", "input", "lifecycleScope", "triggers", "terraformKey"],
};

export interface DeploymentGateArgs
  extends GateRuntimeArgs,
    Pick<
      VerifierFunctionArgs,
      "trust" | "orders" | "ledger" | "eventBusArn" | "topicArn" | "memoryMiB" | "timeoutSeconds"
    > {
  /** Name of the environment: part of the names of functions and roles. */
  environment: string;
  /** `audit` records what it would refuse; `enforce` refuses it. Default: `audit`. */
  mode?: GateMode | undefined;
  /** What is enforced although the mode is `audit`, as ARNs of clusters and services. Default: nothing. */
  enforce?:
    | {
        readonly clusters?: pulumi.Input<pulumi.Input<string>[]> | undefined;
        readonly services?: pulumi.Input<pulumi.Input<string>[]> | undefined;
      }
    | undefined;
  /**
   * Which services the keeper attaches the gate to: `none`, `listed` (those in `services`), or `all` that are watched.
   * Default: `none`.
   */
  attach?: AttachSetting | undefined;
  /** ARNs of services, for `listed`. Those of Express Mode and with the strategy DAEMON must be named in any case. Default: none. */
  services?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** ARNs of the clusters that the launch detector watches. Default: every cluster of the account and region. */
  clusters?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * Lambda's reserved concurrency: how many deployments can be judged at a time, and nothing else in the account can take it.
   * `none` reserves nothing, which an account with Lambda's initial quota needs. Default: 10.
   */
  reservedConcurrency?: number | "none" | undefined;
  /** How long an order may open the gate, in hours. 0: openings are ignored. */
  openHours: number;
  /** What an image gets that cannot be verified in time. */
  onInconclusive: "alert" | "deny";
  /** Key of the tag of a service that names who owns it, for messages. Default: none. */
  ownerTag?: string | undefined;
  /** Hash of the settings in the image. */
  settingsHash: pulumi.Input<string>;
  /** Keeps Pulumi from removing or replacing what hooks refer to. Default: false. */
  protect?: boolean | undefined;
  /** URL of the runbook that messages and alarms link to. Default: its path in this repository. */
  runbookUrl?: string | undefined;
  /** Changes to single resources of this component: docs/components.md. */
  children?: DeploymentGateChildren | undefined;
}
