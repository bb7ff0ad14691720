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
