import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { findPartition } from "../../trust/partition";
import type { AttachSetting } from "../../verifier/src/gate/hook";
import { keeperPolicy } from "../aws/gate-policies";
import { assumeRolePolicy } from "../aws/iam";
import { imageFunctionArgs } from "../aws/image-function";
import { logArgs } from "../aws/log-group";
import { findPlace } from "../aws/place";
import type { WatchedNames } from "../changes/watched-names";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { nameOfRunning, wantedFunction } from "../detector/running-function";
import { pick } from "../pick";
import { typeToken } from "../type-token";
import type { GateRuntimeArgs } from "./gate-function";
import { functionNames, roleNames } from "./gate-names";

export interface GateKeeperChildren {
  readonly log?: Child<cloudwatch.LogGroupArgs>;
  readonly role?: Child<iam.RoleArgs>;
  readonly policy?: Child<iam.RolePolicyArgs>;
  readonly function?: Child<lambda.FunctionArgs>;
}

export const GATE_KEEPER_SENSITIVE: Sensitive<GateKeeperChildren> = {
  log: [],
  role: ["name", "assumeRolePolicy", "managedPolicyArns", "inlinePolicies"],
  policy: ["role", "policy"],
  function: ["name", "imageUri", "imageConfig", "packageType", "role", "environment"],
};

export interface GateKeeperArgs extends GateRuntimeArgs {
  /** Name of the environment: names the function and its role. */
  environment: string;
  /** Which services it attaches the gate to. */
  attach: AttachSetting;
  /** ARNs of the services that it attaches the gate to with `listed`. */
  services: pulumi.Input<pulumi.Input<string>[]>;
  /** ARNs of the watched clusters. Default: every cluster of the account and region. */
  clusters?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Its environment variables. */
  variables: pulumi.Input<Readonly<Record<string, string>>>;
  /** ARN of the gate's function. */
  gateArn: pulumi.Input<string>;
  /** ARN of the role with which ECS invokes it. */
  invokerRoleArn: pulumi.Input<string>;
  ledgerTableArn: pulumi.Input<string>;
  ordersTableArn: pulumi.Input<string>;
  ordersKeyArn: pulumi.Input<string>;
  topicArn: pulumi.Input<string>;
  /** Changes to single resources of this component: docs/components.md. */
  children?: GateKeeperChildren | undefined;
}

/** The Lambda function that looks which services have the gate, with its role and its log. */
export class GateKeeper extends pulumi.ComponentResource {
  readonly functionArn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  /** What nobody but the deployment should change. */
  readonly watched: Pick<WatchedNames, "functions" | "roles">;

  constructor(name: string, args: GateKeeperArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("GateKeeper"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, GATE_KEEPER_SENSITIVE);
    const { account, region } = findPlace(this);
    const logGroup = new cloudwatch.LogGroup(`${name}-log`, ...child("log", logArgs(args)));
    const role = new iam.Role(
      `${name}-role`,
      ...child("role", {
        name: region.apply((known) => roleNames(args.environment, known).keeper),
        assumeRolePolicy: JSON.stringify(assumeRolePolicy("lambda.amazonaws.com")),
      }),
    );
    const policy = new iam.RolePolicy(
      `${name}-policy`,
      ...child("policy", {
        role: role.name,
        policy: pulumi
          .output({
            attach: args.attach,
            services: args.services,
            clusters: args.clusters,
            gateArn: args.gateArn,
            invokerRoleArn: args.invokerRoleArn,
            environment: args.environment,
            ledgerArn: args.ledgerTableArn,
            ordersTableArn: args.ordersTableArn,
            ordersKeyArn: args.ordersKeyArn,
            topicArn: args.topicArn,
            logGroupArn: logGroup.arn,
            place: { partition: region.apply(findPartition), region, account },
          })
          .apply((known) => JSON.stringify(keeperPolicy(known))),
      }),
    );
    const [functionArgs, options] = child(
      "function",
      {
        name: functionNames(args.environment).keeper,
        description: "Looks which Amazon ECS services have the deployment gate, and attaches it where it should",
        ...imageFunctionArgs({
          ...pick(args, ["imageUri", "architecture", "variables"]),
          handler: "keeper.handler",
          roleArn: role.arn,
          memoryMiB: 512,
          // Lambda's maximum: it changes one service a second.
          timeoutSeconds: 900,
          logGroupName: logGroup.name,
        }),
      },
      { dependsOn: [policy] },
    );
    const keeper = new lambda.Function(`${name}-function`, functionArgs, options);
    this.functionArn = keeper.arn;
    this.watched = { functions: [keeper.name], roles: [role.name] };
    this.functionName = nameOfRunning(keeper, wantedFunction(functionArgs), this);
    this.registerOutputs({ functionArn: this.functionArn, functionName: this.functionName });
  }
}
