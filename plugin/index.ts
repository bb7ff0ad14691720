import * as pulumi from "@pulumi/pulumi";
import { ImageVerification as Environment } from "../components/image-verification";
import type { ImageVerificationArgs } from "./args";
import { toEnvironmentArgs } from "./environment-args";

/** Verifies the image of every task that Amazon ECS launches in one account and region, and signs with AWS Signer. */
export class ImageVerification extends pulumi.ComponentResource {
  /** ARN of the signing profile to sign images with. */
  public readonly signingProfileArn: pulumi.Output<string>;
  /** Host of the account's registry. */
  public readonly registry: pulumi.Output<string>;
  /** Name of the function that judges launches. */
  public readonly functionName: pulumi.Output<string>;
  /** Name of the log group with the verdicts. */
  public readonly logGroupName: pulumi.Output<string>;
  /** Link to the query for the verdicts in the AWS console. */
  public readonly logsQuery: pulumi.Output<string>;
  /** Name of the table that remembers verdicts and actions. */
  public readonly ledgerTable: pulumi.Output<string>;
  /** Name of the table with the orders of the moment. */
  public readonly ordersTable: pulumi.Output<string>;
  /** ARN of the topic that gets the messages for people. */
  public readonly topicArn: pulumi.Output<string>;
  /** ARN that deployment lifecycle hooks of services name as the gate. Missing without a gate. */
  public readonly gateTargetArn?: pulumi.Output<string>;
  /** ARN of the role with which ECS invokes the gate. */
  public readonly gateInvokerRoleArn?: pulumi.Output<string>;

  constructor(name: string, args: ImageVerificationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-image-verification:index:ImageVerification", name, {}, opts);
    const environment = new Environment(name, toEnvironmentArgs(name, args), { parent: this });
    this.signingProfileArn = environment.signingProfile.arn;
    this.registry = environment.registry;
    this.functionName = environment.verifier.functionName;
    this.logGroupName = environment.verifier.logGroupName;
    this.logsQuery = environment.logsQuery;
    this.ledgerTable = environment.ledger.tableName;
    this.ordersTable = environment.orders.tableName;
    this.topicArn = environment.notifications.topicArn;
    if (environment.gate !== undefined) {
      this.gateTargetArn = environment.gate.targetArn;
      this.gateInvokerRoleArn = environment.gate.invokerRoleArn;
    }
    this.registerOutputs({
      signingProfileArn: this.signingProfileArn,
      registry: this.registry,
      functionName: this.functionName,
      logGroupName: this.logGroupName,
      logsQuery: this.logsQuery,
      ledgerTable: this.ledgerTable,
      ordersTable: this.ordersTable,
      topicArn: this.topicArn,
      gateTargetArn: this.gateTargetArn,
      gateInvokerRoleArn: this.gateInvokerRoleArn,
    });
  }
}
