import * as pulumi from "@pulumi/pulumi";
import { show } from "../trust/quote";
import type { Fault } from "../trust/text/fixable-error";
import { valueAt } from "../trust/unchecked-value";
import type { Behaviour, BehaviourArgs } from "../verifier/src/behaviour";
import { behaviourSchema } from "../verifier/src/behaviour-schema";
import { ComponentError } from "./program-error";

/** The program gave behaviour settings that cannot be used. */
export class BehaviourError extends ComponentError {
  override readonly name = "BehaviourError";

  constructor(component: string, problems: readonly string[]) {
    super({
      where: `ImageVerification ${component}`,
      what: `${problems.join("; ")}.`,
      fix: "docs/configuration.md explains each setting.",
    });
  }

  get fault(): Fault {
    return "input";
  }
}

/**
 * The verifier's behaviour with the defaults filled in. Unless the program says otherwise, the environment has the stack's
 * name, and only audits.
 *
 * @param component Name of the component, for the error.
 * @throws {@link BehaviourError} that names every wrong setting.
 */
export function readBehaviour(component: string, given: Partial<BehaviourArgs> = {}): Behaviour {
  const args = { environment: pulumi.getStack(), mode: "audit", ...given };
  const parsed = behaviourSchema.safeParse(args);
  if (parsed.success) {
    const forgetful = memoryProblem(parsed.data);
    if (forgetful !== undefined) throw new BehaviourError(component, [forgetful]);
    return parsed.data;
  }
  const problems = parsed.error.issues.flatMap((issue) => {
    const known = Object.keys(behaviourSchema.shape).join(", ");
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `behaviour.${key} is not one of ${known}`);
    const value = valueAt(args, issue.path);
    const wrong = value === undefined ? "is required" : `is ${show(value)} and ${issue.message}`;
    return [`${["behaviour", ...issue.path].join(".")} ${wrong}`];
  });
  throw new BehaviourError(component, problems);
}

/** The ledger remembers what people were told of an exemption (verifier/src/reporting/order-use.ts). */
function memoryProblem({ ledgerDays, exemptionHours }: Behaviour): string | undefined {
  if (ledgerDays * 24 > exemptionHours) return undefined;
  return `behaviour.ledgerDays is ${ledgerDays} and must be longer than exemptionHours, which is ${exemptionHours}: people would be told of an exemption again, or not of its end`;
}
