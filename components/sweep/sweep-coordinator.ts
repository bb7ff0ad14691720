import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { findPartition } from "../../trust/partition";
import { assumeRolePolicy } from "../aws/iam";
import { imageFunctionArgs } from "../aws/image-function";
import { findPlace } from "../aws/place";
import { coordinatorPolicy } from "../aws/sweep-policies";
import type { WatchedNames } from "../changes/watched-names";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { nameOfRunning, wantedFunction } from "../detector/running-function";
import { pick } from "../pick";
import { typeToken } from "../type-token";
import type { SweepFunctionArgs } from "./sweep-function-args";
import { coordinatorName } from "./sweep-names";

export interface SweepCoordinatorChildren {
  readonly role?: Child<iam.RoleArgs>;
  readonly policy?: Child<iam.RolePolicyArgs>;
  readonly function?: Child<lambda.FunctionArgs>;
  /** How often Lambda retries, and where failed calls go. */
  readonly retries?: Child<lambda.FunctionEventInvokeConfigArgs>;
}

export const SWEEP_COORDINATOR_SENSITIVE: Sensitive<SweepCoordinatorChildren> = {
  role: ["assumeRolePolicy", "managedPolicyArns", "inlinePolicies"],
  policy: ["role", "policy"],
  function: ["name", "imageUri", "imageConfig", "packageType", "role", "environment"],
  retries: ["functionName", "destinationConfig"],
};

export interface SweepCoordinatorArgs extends SweepFunctionArgs {
  /** Name of the environment: names the function. */
  environment: string;
  deadLetterQueueArn: pulumi.Input<string>;
  /** Changes to single resources of this component: docs/components.md. */
  children?: SweepCoordinatorChildren | undefined;
}

/** The Lambda function that lists what runs, hands it to the worker and tells what a sweep has found, with its role. */
export class SweepCoordinator extends pulumi.ComponentResource {
  readonly functionArn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  /** What nobody but the deployment should change. */
  readonly watched: Pick<WatchedNames, "functions" | "roles">;

  constructor(name: string, args: SweepCoordinatorArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("SweepCoordinator"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, SWEEP_COORDINATOR_SENSITIVE);
    const { account, region } = findPlace(this);
    const functionName = coordinatorName(args.environment);
    const role = new iam.Role(
      `${name}-role`,
      ...child("role", { assumeRolePolicy: JSON.stringify(assumeRolePolicy("lambda.amazonaws.com")) }),
    );
    const policy = new iam.RolePolicy(
      `${name}-policy`,
      ...child("policy", {
        role: role.name,
        policy: pulumi
          .output({
            clusters: args.clusters,
            functionArn: pulumi.interpolate`arn:${region.apply(findPartition)}:lambda:${region}:${account}:function:${functionName}`,
            ledgerArn: args.ledgerTableArn,
            queueArn: args.queueArn,
            deadLetterQueueArn: args.deadLetterQueueArn,
            topicArn: args.topicArn,
            findingsProductArn: args.findingsProductArn,
            logGroupArn: args.logGroup.arn,
          })
          .apply((known) => JSON.stringify(coordinatorPolicy(known))),
      }),
    );
    const [functionArgs, options] = child(
      "function",
      {
        name: functionName,
        description: "Lists what runs on Amazon ECS, to have its images judged again",
        ...imageFunctionArgs({
          ...pick(args, ["imageUri", "architecture", "variables"]),
          handler: "sweep.handler",
          roleArn: role.arn,
          // Holds what runs, grouped by image.
          memoryMiB: 1024,
          // Lambda's maximum. Where it is not enough, the function invokes itself to go on.
          timeoutSeconds: 900,
          logGroupName: args.logGroup.name,
        }),
      },
      { dependsOn: [policy] },
    );
    const coordinator = new lambda.Function(`${name}-function`, functionArgs, options);
    const retries = new lambda.FunctionEventInvokeConfig(
      `${name}-retries`,
      ...child(
        "retries",
        {
          functionName: coordinator.name,
          maximumRetryAttempts: 2,
          // What is older would go on with a run that the next one overtakes.
          maximumEventAgeInSeconds: 3600,
          destinationConfig: { onFailure: { destination: args.deadLetterQueueArn } },
        },
        { dependsOn: [policy] },
      ),
    );
    this.watched = { functions: [coordinator.name], roles: [role.name] };
    // Nobody invokes the function before it is retried.
    this.functionArn = pulumi.all([coordinator.arn, retries.id]).apply(([arn]) => arn);
    this.functionName = nameOfRunning(coordinator, wantedFunction(functionArgs), this);
    this.registerOutputs({ functionArn: this.functionArn, functionName: this.functionName });
  }
}
