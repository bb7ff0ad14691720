import * as dynamodb from "@pulumi/aws/dynamodb";
import * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import { findPartition } from "../../trust/partition";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { findPlace } from "../aws/place";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { nameOfProtected, protectedTableArgs } from "../protected-table";
import { typeToken } from "../type-token";
import { orderKeyPolicy } from "./key-policy";

export interface OrdersChildren {
  readonly table?: Child<dynamodb.TableArgs>;
  /** The key that proves orders. */
  readonly key?: Child<kms.KeyArgs>;
  /** Who may give orders. */
  readonly keyPolicy?: Child<kms.KeyPolicyArgs>;
  readonly alias?: Child<kms.AliasArgs>;
}

export const ORDERS_SENSITIVE: Sensitive<OrdersChildren> = {
  table: ["hashKey", "rangeKey", "attributes", "ttl"],
  key: ["policy", "keyUsage", "customerMasterKeySpec", "isEnabled"],
  keyPolicy: ["keyId", "policy"],
  alias: ["targetKeyId"],
};

/**
 * Puts a policy again whose last change failed, because a role of it does not exist for instance (API reference, PutKeyPolicy).
 * The provider records the failed change as if it had been made, so the next update would find nothing to do, and people
 * could give orders who may not any more. It is therefore replaced (`initErrorSpecialKey` of pulumi/pulumi,
 * pkg/resource/deploy/step_generator.go): the new one overwrites the old one, which must not be removed afterwards, because
 * that would put KMS's default policy (`resourceKeyPolicyDelete` of terraform-provider-aws). Another key needs a replacement too:
 * the provider would go on with the old key (`resourceKeyPolicyUpdate`).
 */
const PUT_AGAIN = { replaceOnChanges: ["#initerror", "keyId"], retainOnDelete: true };

export interface OrdersArgs {
  /** Name of the environment: a proof is valid in one environment only. */
  environment: string;
  /** The maximum time of an exemption, in hours. 0: exemptions are not allowed, and nobody has the permission to give one. */
  exemptionHours: number;
  /** ARNs of the IAM roles that may block images. Default: everyone whom IAM allows to use the key. */
  mayBlock?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** ARNs of the IAM roles that may exempt images. Default: everyone whom IAM allows to use the key. */
  mayExempt?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** The maximum time of an opening of the deployment gate, in hours. Default: 0, so that nobody has the permission to open it. */
  openHours?: number | undefined;
  /** ARNs of the IAM roles that may open the deployment gate. Default: everyone whom IAM allows to use the key. */
  mayOpen?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Keeps Pulumi and AWS from removing table and key. Default: false. */
  protect?: boolean;
  /** Changes to single resources that it makes: docs/components.md. */
  children?: OrdersChildren | undefined;
}

/**
 * The table with the orders of the moment, which the verifier only reads, and the key whose policy says who may give
 * them. Someone who can write the table but not use the key cannot give an order. The table has the keys that `readOrders`
 * uses, in verifier/src/orders/read-orders.ts.
 */
export class Orders extends pulumi.ComponentResource {
  readonly tableName: pulumi.Output<string>;
  readonly tableArn: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;
  /** Name of the key's alias. */
  readonly keyAlias: pulumi.Output<string>;

  constructor(name: string, args: OrdersArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("Orders"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, ORDERS_SENSITIVE);
    const kept = withoutUndefined({ protect: args.protect });
    const { environment, exemptionHours, openHours = 0, mayBlock, mayExempt, mayOpen } = args;
    // The time to live only cleans up: the reader decides by its own clock whether an order has ended.
    const [tableArgs, tableOptions] = child(
      "table",
      protectedTableArgs({ hashKey: "digest", rangeKey: "id" }, args.protect),
      kept,
    );
    const table = new dynamodb.Table(`${name}-table`, tableArgs, tableOptions);
    const { account, region } = findPlace(this);
    const key = new kms.Key(
      `${name}-key`,
      ...child(
        "key",
        {
          description: `Proves who gave an order about container images in the environment ${environment}`,
          enableKeyRotation: true,
          // The maximum (API reference, ScheduleKeyDeletion): without the key all orders are ignored.
          deletionWindowInDays: 30,
        },
        kept,
      ),
    );
    const keyPolicy = new kms.KeyPolicy(
      `${name}-key-policy`,
      ...child(
        "keyPolicy",
        {
          keyId: key.keyId,
          policy: pulumi
            .output({ account, region, mayBlock, mayExempt, mayOpen })
            .apply(({ region: place, ...known }) =>
              JSON.stringify(
                orderKeyPolicy({
                  ...known,
                  partition: findPartition(place),
                  environment,
                  areExemptionsAllowed: exemptionHours > 0,
                  areOpeningsAllowed: openHours > 0,
                }),
              ),
            ),
        },
        PUT_AGAIN,
      ),
    );
    const alias = new kms.Alias(
      `${name}-alias`,
      ...child("alias", { namePrefix: aliasPrefix(environment), targetKeyId: key.keyId }),
    );
    this.keyAlias = alias.name;
    this.tableName = nameOfProtected(table, tableArgs.deletionProtectionEnabled, this);
    this.tableArn = table.arn;
    // Nothing reads orders before the policy says who may give them: until then the key has KMS's default policy.
    this.keyArn = pulumi.all([key.arn, keyPolicy.keyId]).apply(([arn]) => arn);
    this.registerOutputs({ tableName: this.tableName, tableArn: this.tableArn, keyArn: this.keyArn });
  }
}

/** Letters, digits, /, _ and - (API reference, CreateAlias); a name of an environment may have dots. */
function aliasPrefix(environment: string): string {
  return `alias/ecs-image-verification/${environment.replaceAll(".", "-")}-`;
}
