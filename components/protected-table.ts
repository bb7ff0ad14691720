import * as dynamodb from "@pulumi/aws/dynamodb";
import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../trust/text/fixable-error";
import { ComponentError } from "./program-error";

/** AWS does not protect a table from deletion as was requested. */
export class ProtectionOutOfDateError extends ComponentError {
  override readonly name = "ProtectionOutOfDateError";

  constructor(table: string, { wanted, found }: { readonly wanted: boolean; readonly found: boolean }) {
    super({
      what:
        `The deletion protection of the table ${table} is ${onOrOff(found)} instead of ${onOrOff(wanted)}. An earlier update of ` +
        "it failed, and Pulumi recorded it as done.",
      fix: "Run: pulumi up --refresh",
    });
  }

  get fault(): Fault {
    return "failure";
  }
}

/** A string attribute each: names of the keys of a table. */
export interface TableKeys {
  readonly hashKey: string;
  readonly rangeKey: string;
}

/**
 * The arguments of a table that keeps evidence: paid for each request, restorable to any second, encrypted with the AWS managed
 * key, whose use CloudTrail logs. DynamoDB removes an item some time after its `expiresAt` (seconds since 1970).
 *
 * @param protect Whether AWS refuses to delete it.
 */
export function protectedTableArgs({ hashKey, rangeKey }: TableKeys, protect = false) {
  return {
    billingMode: "PAY_PER_REQUEST",
    hashKey,
    rangeKey,
    attributes: [
      { name: hashKey, type: "S" },
      { name: rangeKey, type: "S" },
    ],
    ttl: { attributeName: "expiresAt", enabled: true },
    pointInTimeRecovery: { enabled: true },
    serverSideEncryption: { enabled: true },
    deletionProtectionEnabled: protect,
  } satisfies dynamodb.TableArgs;
}

/**
 * The name of a table, once DynamoDB itself confirms its deletion protection. As with the function (`nameOfRunning` of
 * detector/running-function.ts), the provider records a failed update as if it had been made, and the next one finds nothing to
 * do. Every update asks; a preview does not.
 *
 * @param wanted Whether the table is to be protected.
 * @throws {@link ProtectionOutOfDateError} through the output.
 */
export function nameOfProtected(
  table: dynamodb.Table,
  wanted: pulumi.Input<boolean | undefined>,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  if (pulumi.runtime.isDryRun()) return table.name;
  const found = dynamodb.getTableOutput({ name: table.name }, { parent });
  return pulumi.all([table.name, wanted, found.deletionProtectionEnabled]).apply(([name, asked = false, answer]) => {
    if (asked !== answer) throw new ProtectionOutOfDateError(name, { wanted: asked, found: answer });
    return name;
  });
}

function onOrOff(protection: boolean): string {
  return protection ? "on" : "off";
}
