import { judgeOnce } from "../../automation/operations/gate/judge-once";
import { inParallel } from "../../verifier/src/in-parallel";
import type { ImageGroup } from "../../verifier/src/sweep/group-images";
import { paceJudge } from "../../verifier/src/sweep/signer-pace";
import type { Judge } from "../../verifier/src/verification/judge";
import type { Subject } from "../../verifier/src/verification/subject";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { IMAGES_AT_ONCE } from "../images/start-judging";
import { showCount } from "../lib/count-progress";
import { createScanPace } from "./scan-pace";

/** An image, or what is known of it, with its verdict. */
export interface Judged<Image> {
  readonly group: Image;
  readonly verdict: Verdict;
}

/** A running image with its verdict. */
export type JudgedImage = Judged<ImageGroup>;

/** Judges each image once, at the pace that a scan keeps, with the progress on standard error. */
export async function judgeImages<Image extends { readonly subject: Subject }>(
  groups: readonly Image[],
  judge: Judge,
): Promise<readonly Judged<Image>[]> {
  const paced = judgeOnce(paceJudge(judge, createScanPace()));
  const progress = showCount(process.stderr, groups.length, "images judged");
  const judged: Judged<Image>[] = [];
  try {
    const work = async (group: Image) => ({ group, verdict: await paced(group.subject) });
    for await (const one of inParallel(groups, IMAGES_AT_ONCE, work)) {
      judged.push(one);
      progress.done(judged.length);
    }
  } finally {
    progress.end();
  }
  return judged;
}
