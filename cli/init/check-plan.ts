import { parseYaml } from "../../trust/read";
import { checkTrustFile } from "../trust/check-file";
import type { TrustCheck } from "../trust/findings";
import type { Answers } from "./answers";
import type { PlannedFile } from "./planned-file";

/** What the readers find in the first file, before it is written: the same as `trust check` says of it afterwards. */
export function checkPlan(
  { use, stack, account, region }: Answers,
  [first]: readonly PlannedFile[],
  now: Date,
): TrustCheck {
  const { path: file = "", text = "" } = first ?? {};
  const contents = { file, ...parseYaml(file, text) };
  return checkTrustFile(
    use === "deployment" ? { kind: "stack", stack, ...contents } : { kind: "trust-document", ...contents },
    { account, region: use === "deployment" ? undefined : region, now },
  );
}
