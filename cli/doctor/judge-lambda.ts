import { areCredentialsRefused } from "../lib/aws-errors";
import type { AwsAnswer } from "./ask-aws";
import { about, type Finding } from "./finding";

const lambda = about({ id: "lambda-concurrency", name: "Lambda quota", uses: ["deployment"] });

/** An account's concurrent executions in a region. */
export interface Concurrency {
  readonly limit: number;
  /** What no function has reserved. */
  readonly unreserved: number;
}

/**
 * What must stay unreserved (AWS Lambda developer guide, "Configuring reserved concurrency": 100). That an account with a
 * smaller limit can reserve nothing at all is inferred (lambda-small-limit).
 */
const FLOOR = 100;
const QUOTA = 'Raise the quota "Concurrent executions" of AWS Lambda in Service Quotas';

/** @param reserved What the stack reserves; undefined if no stack was named. */
export function judgeConcurrency(answer: AwsAnswer<Concurrency>, reserved: number | undefined): Finding {
  if (answer.kind === "silent") return lambda.warning(`was not asked: ${answer.why}`);
  if (answer.kind === "error") {
    if (answer.isDenied)
      return lambda.warning("is not known: these credentials may not read it (lambda:GetAccountSettings)");
    if (areCredentialsRefused(answer.error)) return lambda.warning("was not asked: it needs credentials");
    return lambda.warning(`is not known: ${answer.says}`);
  }
  const { limit, unreserved } = answer.value;
  const floor = Math.min(FLOOR, limit);
  const says = `${limit} concurrent executions, ${unreserved} of them not reserved`;
  const lower = `${QUOTA}, or reserve less: verifier.reservedConcurrency (leave it out), gate.reservedConcurrency (none).`;
  if (reserved === undefined) {
    return limit > FLOOR
      ? lambda.ok(says)
      : lambda.warning(
          `${says}: nothing can be reserved`,
          `${QUOTA}; until then leave verifier.reservedConcurrency out, and set gate.reservedConcurrency to none.`,
        );
  }
  if (reserved === 0) {
    return limit > FLOOR
      ? lambda.ok(`${says}; the stack reserves none`)
      : lambda.warning(`${says}: other functions can keep the verifier waiting`, `${QUOTA}.`);
  }
  if (limit - reserved < floor)
    return lambda.problem(`${says}; the stack reserves ${reserved}, and AWS keeps ${floor} unreserved`, lower);
  if (unreserved - reserved < floor) {
    return lambda.warning(`${says}; the stack reserves ${reserved}, which fits only if it is deployed already`, lower);
  }
  return lambda.ok(`${says}; the stack reserves ${reserved}`);
}
