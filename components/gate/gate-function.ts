import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import type { ResolvedTrustDocument } from "../../trust/expand";
import { findPartition } from "../../trust/partition";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { gatePolicy } from "../aws/gate-policies";
import { assumeRolePolicy, readingPolicy } from "../aws/iam";
import { imageFunctionArgs } from "../aws/image-function";
import { type LogArgs, logArgs } from "../aws/log-group";
import { findPlace } from "../aws/place";
import { rolePolicyText } from "../aws/policy-size";
import { attachPolicy, type RolePolicyChildren } from "../aws/role-policy";
import type { WatchedNames } from "../changes/watched-names";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { nameOfRunning, versionOfRunning, wantedFunction } from "../detector/running-function";
import type { Architecture } from "../image/verifier-build";
import { pick } from "../pick";
import { typeToken } from "../type-token";
import { ANSWERS_HOOKS, functionNames, roleNames } from "./gate-names";

export interface GateFunctionChildren extends RolePolicyChildren {
  readonly log?: Child<cloudwatch.LogGroupArgs>;
  readonly role?: Child<iam.RoleArgs>;
  readonly function?: Child<lambda.FunctionArgs>;
}

export const GATE_FUNCTION_SENSITIVE: Sensitive<GateFunctionChildren> = {
  log: [],
  role: ["name", "assumeRolePolicy", "managedPolicyArns", "inlinePolicies"],
  reading: ["policy"],
  readingAttachment: ["role", "policyArn"],
  acting: ["policy"],
  actingAttachment: ["role", "policyArn"],
  function: ["name", "imageUri", "imageConfig", "packageType", "role", "environment", "publish"],
};

/** How the functions of the gate are built, run and logged. */
export interface GateRuntimeArgs extends LogArgs {
  /** The verifier's image, by digest. */
  imageUri: pulumi.Input<string>;
  /** The architecture that the image was built for. */
  architecture: Architecture;
}

export interface GateFunctionArgs extends GateRuntimeArgs {
  /** Name of the environment: names the function and its role, and orders of the moment must be for it. */
  environment: string;
  /** The environment's trust document: decides which registries and secrets the function may read. */
  trust: pulumi.Input<ResolvedTrustDocument>;
  /** Its environment variables. */
  variables: pulumi.Input<Readonly<Record<string, string>>>;
  /** Whether it reads the tags of services. */
  readsTags: boolean;
  ordersTableArn: pulumi.Input<string>;
  ordersKeyArn: pulumi.Input<string>;
  ledgerTableArn: pulumi.Input<string>;
  eventBusArn: pulumi.Input<string>;
  topicArn: pulumi.Input<string>;
  /** In MiB. Default: 512. */
  memoryMiB?: pulumi.Input<number> | undefined;
  /** In seconds. Default: 120. */
  timeoutSeconds?: pulumi.Input<number> | undefined;
  /** Lambda's reserved concurrency. Default: none. */
  reservedConcurrency?: number | undefined;
  /** Keeps Pulumi from removing or replacing the function. Default: false. */
  protect?: boolean | undefined;
  /** Changes to single resources of this component: docs/components.md. */
  children?: GateFunctionChildren | undefined;
}

/** The Lambda function that answers ECS's hooks, with its role and its log. Each change of it is a version of its own. */
export class GateFunction extends pulumi.ComponentResource {
  readonly functionArn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  /** The newest version. */
  readonly version: pulumi.Output<string>;
  /** The policies of the role, as JSON, one a line. */
  readonly permissions: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  /** What nobody but the deployment should change. */
  readonly watched: Pick<WatchedNames, "functions" | "roles" | "policies">;

  constructor(name: string, args: GateFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("GateFunction"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, GATE_FUNCTION_SENSITIVE);
    const { account, region } = findPlace(this);
    const roleName = region.apply((known) => roleNames(args.environment, known).gate);
    const logGroup = new cloudwatch.LogGroup(`${name}-log`, ...child("log", logArgs(args)));
    const role = new iam.Role(
      `${name}-role`,
      ...child("role", {
        name: roleName,
        assumeRolePolicy: JSON.stringify(assumeRolePolicy("lambda.amazonaws.com")),
      }),
    );
    const reading = attachPolicy(name, "reading", child, role, {
      description: "What the deployment gate of container images reads",
      policy: pulumi.output(args.trust).apply((trust) => rolePolicyText(readingPolicy({ trust }))),
    });
    const acting = attachPolicy(name, "acting", child, role, {
      description: "What the deployment gate of container images does with a verdict",
      policy: pulumi
        .output({
          environment: args.environment,
          readsTags: args.readsTags,
          ordersTableArn: args.ordersTableArn,
          ordersKeyArn: args.ordersKeyArn,
          ledgerArn: args.ledgerTableArn,
          eventBusArn: args.eventBusArn,
          topicArn: args.topicArn,
          logGroupArn: logGroup.arn,
          place: { partition: region.apply(findPartition), region, account },
        })
        .apply((known) => rolePolicyText(gatePolicy(known))),
    });
    const [functionArgs, functionOptions] = child(
      "function",
      { name: functionNames(args.environment).gate, ...toFunctionArgs(args, role, logGroup) },
      { dependsOn: [reading.attachment, acting.attachment], ...withoutUndefined({ protect: args.protect }) },
    );
    const gate = new lambda.Function(`${name}-function`, functionArgs, functionOptions);
    this.functionArn = gate.arn;
    const wanted = wantedFunction(functionArgs);
    this.functionName = nameOfRunning(gate, wanted, this);
    this.version = versionOfRunning(gate, wanted, this);
    this.permissions = pulumi.concat(reading.text, "\n", acting.text);
    this.logGroupName = logGroup.name;
    this.watched = {
      functions: [gate.name],
      roles: [role.name],
      policies: [reading.attachment.policyArn, acting.attachment.policyArn],
    };
    this.registerOutputs({
      functionArn: this.functionArn,
      functionName: this.functionName,
      version: this.version,
      logGroupName: this.logGroupName,
    });
  }
}

function toFunctionArgs(args: GateFunctionArgs, role: iam.Role, logGroup: cloudwatch.LogGroup): lambda.FunctionArgs {
  return {
    description: "Judges the images of deployments before Amazon ECS starts their tasks",
    ...imageFunctionArgs({
      ...pick(args, ["imageUri", "architecture", "variables"]),
      handler: ANSWERS_HOOKS,
      roleArn: role.arn,
      memoryMiB: args.memoryMiB ?? 512,
      timeoutSeconds: args.timeoutSeconds ?? 120,
      logGroupName: logGroup.name,
    }),
    ...withoutUndefined({ reservedConcurrentExecutions: args.reservedConcurrency }),
    // The alias moves to a version only once that version has answered: until then hooks go on calling the one before.
    publish: true,
  };
}
