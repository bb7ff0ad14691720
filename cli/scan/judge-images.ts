import { inParallel } from "../../verifier/src/in-parallel";
import type { ImageGroup } from "../../verifier/src/sweep/group-images";
import { paceJudge } from "../../verifier/src/sweep/signer-pace";
import type { Judge } from "../../verifier/src/verification/judge";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { showCount } from "../lib/count-progress";
import { createScanPace } from "./scan-pace";

/** Images that are judged at a time. */
const AT_ONCE = 8;

/** A running image with its verdict. */
export interface JudgedImage {
  readonly group: ImageGroup;
  readonly verdict: Verdict;
}

/** Judges each image once, at the pace that a scan keeps, with the progress on standard error. */
export async function judgeImages(groups: readonly ImageGroup[], judge: Judge): Promise<readonly JudgedImage[]> {
  const paced = paceJudge(judge, createScanPace());
  const progress = showCount(process.stderr, groups.length, "images judged");
  const judged: JudgedImage[] = [];
  try {
    const work = async (group: ImageGroup) => ({ group, verdict: await paced(group.subject) });
    for await (const one of inParallel(groups, AT_ONCE, work)) {
      judged.push(one);
      progress.done(judged.length);
    }
  } finally {
    progress.end();
  }
  return judged;
}
