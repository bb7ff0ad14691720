import * as dynamodb from "@pulumi/aws/dynamodb";
import * as pulumi from "@pulumi/pulumi";
import { withoutUndefined } from "../trust/text/without-undefined";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "./children";
import { nameOfProtected, protectedTableArgs } from "./protected-table";
import { typeToken } from "./type-token";

export interface VerdictLedgerChildren {
  readonly table?: Child<dynamodb.TableArgs>;
}

export const VERDICT_LEDGER_SENSITIVE: Sensitive<VerdictLedgerChildren> = {
  table: ["hashKey", "rangeKey", "attributes", "ttl"],
};

export interface VerdictLedgerArgs {
  /** Keeps Pulumi and AWS from removing the table. Default: false. */
  protect?: boolean;
  /** Changes to single resources of this component: docs/components.md. */
  children?: VerdictLedgerChildren | undefined;
}

/**
 * The table that records verdicts and responses, so that each happens once. Keys and TTL are those of `createLedger` in
 * verifier/src/reporting/ledger.ts.
 */
export class VerdictLedger extends pulumi.ComponentResource {
  readonly tableName: pulumi.Output<string>;
  readonly tableArn: pulumi.Output<string>;

  constructor(name: string, args: VerdictLedgerArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("VerdictLedger"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, VERDICT_LEDGER_SENSITIVE);
    const [tableArgs, options] = child(
      "table",
      protectedTableArgs({ hashKey: "task", rangeKey: "entry" }, args.protect),
      withoutUndefined({ protect: args.protect }),
    );
    const table = new dynamodb.Table(`${name}-table`, tableArgs, options);
    this.tableName = nameOfProtected(table, tableArgs.deletionProtectionEnabled, this);
    this.tableArn = table.arn;
    this.registerOutputs({ tableName: this.tableName, tableArn: this.tableArn });
  }
}
