import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import type { ResolvedTrustDocument } from "../../trust/expand";
import type { SweepMode } from "../../verifier/src/sweep/mode";
import { SWEEP_WORKERS } from "../../verifier/src/sweep/signer-pace";
import { assumeRolePolicy, readingPolicy } from "../aws/iam";
import { imageFunctionArgs } from "../aws/image-function";
import { rolePolicyText } from "../aws/policy-size";
import { attachPolicy, type RolePolicyChildren } from "../aws/role-policy";
import { workerClustersPolicy, workerPolicy } from "../aws/sweep-policies";
import type { WatchedNames } from "../changes/watched-names";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { nameOfRunning, wantedFunction } from "../detector/running-function";
import { pick } from "../pick";
import { typeToken } from "../type-token";
import type { SweepFunctionArgs } from "./sweep-function-args";

export interface SweepWorkerChildren extends RolePolicyChildren {
  readonly role?: Child<iam.RoleArgs>;
  /** What the function does in clusters. */
  readonly clusters?: Child<iam.RolePolicyArgs>;
  readonly function?: Child<lambda.FunctionArgs>;
  /** Invokes the function with the images that the coordinator found. */
  readonly images?: Child<lambda.EventSourceMappingArgs>;
}

export const SWEEP_WORKER_SENSITIVE: Sensitive<SweepWorkerChildren> = {
  role: ["assumeRolePolicy", "managedPolicyArns", "inlinePolicies"],
  reading: ["policy"],
  readingAttachment: ["role", "policyArn"],
  acting: ["policy"],
  actingAttachment: ["role", "policyArn"],
  clusters: ["role", "policy"],
  function: ["imageUri", "imageConfig", "packageType", "role", "environment"],
  images: ["eventSourceArn", "functionName", "enabled", "functionResponseTypes"],
};

export interface SweepWorkerArgs extends SweepFunctionArgs {
  /** Name of the environment, which orders of the moment must be for. */
  environment: string;
  /** `enforce` lets the function stop tasks and deployments. */
  mode: SweepMode;
  /** The environment's trust document: decides which registries and secrets the function may read. */
  trust: pulumi.Input<ResolvedTrustDocument>;
  ordersTableArn: pulumi.Input<string>;
  ordersKeyArn: pulumi.Input<string>;
  eventBusArn: pulumi.Input<string>;
  /** In MiB. Default: 512. */
  memoryMiB?: pulumi.Input<number> | undefined;
  /** In seconds. */
  timeoutSeconds: pulumi.Input<number>;
  /** Changes to single resources of this component: docs/components.md. */
  children?: SweepWorkerChildren | undefined;
}

/** The Lambda function that judges the images that a sweep has found, with its role and its share of the queue. */
export class SweepWorker extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;
  /** The policies of the role, as JSON, one a line. */
  readonly permissions: pulumi.Output<string>;
  /** What nobody but the deployment should change. */
  readonly watched: Omit<WatchedNames, "rules" | "queues">;

  constructor(name: string, args: SweepWorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("SweepWorker"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, SWEEP_WORKER_SENSITIVE);
    const role = new iam.Role(
      `${name}-role`,
      ...child("role", { assumeRolePolicy: JSON.stringify(assumeRolePolicy("lambda.amazonaws.com")) }),
    );
    const reading = attachPolicy(name, "reading", child, role, {
      description: "What the sweep of running container images reads",
      policy: pulumi.output(args.trust).apply((trust) => rolePolicyText(readingPolicy({ trust }))),
    });
    const acting = attachPolicy(name, "acting", child, role, {
      description: "What the sweep of running container images does with a verdict",
      policy: pulumi
        .output({
          environment: args.environment,
          ordersTableArn: args.ordersTableArn,
          ordersKeyArn: args.ordersKeyArn,
          ledgerArn: args.ledgerTableArn,
          eventBusArn: args.eventBusArn,
          topicArn: args.topicArn,
          findingsProductArn: args.findingsProductArn,
          queueArn: args.queueArn,
          logGroupArn: args.logGroup.arn,
        })
        .apply((known) => rolePolicyText(workerPolicy(known))),
    });
    const clusters = new iam.RolePolicy(
      `${name}-clusters`,
      ...child("clusters", {
        role: role.name,
        policy: pulumi
          .output({ trust: args.trust, mode: args.mode, clusters: args.clusters })
          .apply((known) => JSON.stringify(workerClustersPolicy(known))),
      }),
    );
    const permitted = { dependsOn: [reading.attachment, acting.attachment, clusters] };
    const [functionArgs, options] = child(
      "function",
      {
        description: "Judges the images of the tasks that run on Amazon ECS again",
        ...imageFunctionArgs({
          ...pick(args, ["imageUri", "architecture", "variables", "timeoutSeconds"]),
          handler: "sweep-worker.handler",
          roleArn: role.arn,
          memoryMiB: args.memoryMiB ?? 512,
          logGroupName: args.logGroup.name,
        }),
      },
      permitted,
    );
    const worker = new lambda.Function(`${name}-function`, functionArgs, options);
    const images = new lambda.EventSourceMapping(
      `${name}-images`,
      ...child(
        "images",
        {
          eventSourceArn: args.queueArn,
          functionName: worker.arn,
          batchSize: 5,
          functionResponseTypes: ["ReportBatchItemFailures"],
          // So many keep to the sweep's share of AWS Signer's rate, and launches come first.
          scalingConfig: { maximumConcurrency: SWEEP_WORKERS },
        },
        permitted,
      ),
    );
    this.watched = {
      functions: [worker.name],
      mappings: [images.uuid],
      roles: [role.name],
      policies: [reading.attachment.policyArn, acting.attachment.policyArn],
    };
    this.functionName = nameOfRunning(worker, wantedFunction(functionArgs), this);
    this.permissions = pulumi.all([reading.text, acting.text, clusters.policy]).apply((texts) => texts.join("\n"));
    this.registerOutputs({ functionName: this.functionName });
  }
}
