import type { Answers } from "./answers";
import type { TargetFolder } from "./folder";
import type { PlannedFile } from "./planned-file";
import { policyFileText } from "./policy-text";
import { type OwnPackage, projectFiles } from "./project-files";
import { stackFileText } from "./stack-text";
import { trustFileText } from "./trust-text";

/** The file with a trust document of its own. */
export const TRUST_FILE = "trust.yaml";

/** What is written for these answers. The first file is the one that says whom to trust. */
export function plannedFiles(
  answers: Answers,
  { root, hasProject }: TargetFolder,
  own: OwnPackage,
): readonly PlannedFile[] {
  if (answers.use === "command-line") return [{ path: TRUST_FILE, text: trustFileText(answers, root) }];
  const { stack } = answers;
  return [
    { path: `Pulumi.${stack}.yaml`, text: stackFileText(answers, root), ofStack: true },
    { path: `policy-${stack}.json`, text: policyFileText(answers), ofStack: true },
    ...(hasProject ? [] : projectFiles(own)),
  ];
}
