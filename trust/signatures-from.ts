import type { Finding, Problem } from "./problem";
import { formatPath } from "./problem";
import { everyRepository, repositoryFinding } from "./repository-entry";
import { repositoryKey } from "./same-registry";
import { asFields, asList } from "./unchecked-value";

const allowed =
  'the exact registry/repository that has the signatures, such as "444455556666.dkr.ecr.eu-west-1.amazonaws.com/team/app" or "self/team/app"';

/** What is wrong with a statement's `signaturesFrom`, or undefined. */
export function signaturesFromFinding(text: string): Finding | undefined {
  if (text === everyRepository) return { message: "is no repository", allowed };
  const finding = repositoryFinding(text);
  return finding && { ...finding, allowed };
}

/** What is wrong between `signaturesFrom` and the repositories of a statement that has not been checked. */
export function signaturesFromProblems(statement: unknown, index: number): readonly Problem[] {
  const { signaturesFrom, repositories } = asFields(statement);
  if (typeof signaturesFrom !== "string" || signaturesFromFinding(signaturesFrom) !== undefined) return [];
  const names = asList(repositories).filter((name): name is string => typeof name === "string");
  const about = { path: formatPath(["statements", index, "signaturesFrom"]), value: signaturesFrom };
  if (names.includes(everyRepository)) {
    return [
      {
        ...about,
        message: 'belongs to a statement for "*"; one repository cannot have the signatures of all images',
        fix: "Give the repositories whose signatures are there a statement of their own, with exact names.",
      },
    ];
  }
  const valid = names.filter((name) => repositoryFinding(name) === undefined);
  if (!valid.some((name) => repositoryKey(name) === repositoryKey(signaturesFrom))) return [];
  return [
    {
      ...about,
      message: "is a repository of the statement itself, whose signatures are read anyway",
      fix: "Remove it, or name the repository that the image was copied from.",
    },
  ];
}
