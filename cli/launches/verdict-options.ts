import { type Command, InvalidArgumentError, Option } from "commander";
import type { VerdictFilter } from "../../automation/operations/verdict-filter";
import type { ReadRecord } from "../../automation/operations/verdict-record";
import { suggestKey } from "../../trust/suggest-key";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { lastPart } from "../../verifier/src/ecs/arn";
import { REASON_CODES, STATUSES } from "../../verifier/src/verification/verdict";

/** Which verdicts to show. */
export interface FilterOptions {
  readonly status?: readonly ReadRecord["status"][];
  readonly code?: string;
  readonly task?: string;
  readonly cluster?: string;
  readonly image?: string;
}

/** Adds the options that select verdicts. */
export function withFilterOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--status <list>", "only these statuses, such as denied,inconclusive").argParser(parseStatuses),
    )
    .option("--code <code>", "only this reason code, such as no-signature", parseCode)
    .option("--task <task>", "only this task: its ARN or its id", parseTask)
    .option("--cluster <cluster>", "only this cluster: its name or its ARN", parseCluster)
    .option("--image <repository>", "only images of this repository: team/app, or registry/team/app", parseRepository);
}

/** The filter that the options define. */
export function toFilter({ status, code, task, cluster, image }: FilterOptions): VerdictFilter {
  return withoutUndefined({ statuses: status, code, task, cluster, repository: image });
}

function parseStatuses(text: string): readonly ReadRecord["status"][] {
  return text.split(",").map((part) => {
    const known = STATUSES.find((status) => status === part.trim().toLowerCase());
    if (known !== undefined) return known;
    throw new InvalidArgumentError(`It must be of ${STATUSES.join(", ")}, with commas between them.`);
  });
}

function parseCode(text: string): string {
  if (REASON_CODES.some((code) => code === text)) return text;
  const near = suggestKey(text, REASON_CODES);
  const meant = near === undefined ? "" : ` Did you mean ${near}?`;
  throw new InvalidArgumentError(`It must be a reason code of docs/verdicts.md.${meant}`);
}

function parseTask(text: string): string {
  if (/^arn:[a-z0-9-]+:ecs:[a-z0-9-]+:\d{12}:task\/[\w/-]{1,300}$/.test(text) || /^[\w-]{1,64}$/.test(text))
    return text;
  throw new InvalidArgumentError("It must be the ARN of an ECS task, or its last part, the id.");
}

/** The name of an ECS cluster, or its ARN. */
export function parseCluster(text: string): string {
  if (/^arn:[a-z0-9-]+:ecs:[a-z0-9-]+:\d{12}:cluster\/[\w-]{1,255}$/.test(text) || /^[\w-]{1,255}$/.test(text))
    return text;
  throw new InvalidArgumentError("It must be the name of an ECS cluster, or its ARN.");
}

function parseRepository(text: string): string {
  if (/^[\w.:-]+(\/[\w.-]+)*$/.test(text) && !/:[^/]*$/.test(text.replace(/^[^/]*\//, ""))) return text;
  throw new InvalidArgumentError("It must be a repository, without tag and digest: team/app, or registry/team/app.");
}

/** Whether two clusters that a person names may be one: a name may be that of an ARN. */
export function isSameCluster(one: string, other: string): boolean {
  return one === other || (lastPart(one) === lastPart(other) && !(one.includes(":") && other.includes(":")));
}
