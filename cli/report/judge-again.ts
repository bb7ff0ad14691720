import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import type { RunningImage } from "../../automation/operations/report/running-image";
import { compareTrust, deniedImages, type WhatIf } from "../../automation/operations/report/what-if";
import type { ReadRecord } from "../../automation/operations/verdict-record";
import { imageSubject, type Subject } from "../../verifier/src/verification/subject";
import { startJudging, trustFile } from "../gate/judging";
import { judgeImages } from "../scan/judge-images";
import type { ReadFacts } from "./read-facts";
import type { ReportOptions } from "./report-options";

/**
 * Judges what runs, and what was denied in the last days, with the trust document of the options and the orders of the
 * moment, on this machine.
 *
 * @throws `UsageError` if the document or something that it needs is missing, and the errors of the trust document.
 */
export async function judgeAgain(
  { running, history }: ReadFacts,
  options: ReportOptions,
  outputs: EnvironmentOutputs,
): Promise<WhatIf> {
  const images = running?.images ?? [];
  const again = images.flatMap((image) => {
    const subject = runningSubject(image);
    return subject === undefined ? [] : [{ subject, image }];
  });
  const denied = deniedImages(history?.records ?? []).map((record) => ({ subject: deniedSubject(record), record }));
  const verification = await startJudging(options, outputs);
  try {
    // Together, since what was denied in many services, or runs, is one image.
    const judged = await judgeImages([...again, ...denied], verification.judge);
    return compareTrust({
      file: trustFile(options),
      judged:
        running && judged.flatMap(({ group, verdict }) => ("image" in group ? [{ image: group.image, verdict }] : [])),
      notJudged: images.length - again.length,
      denied:
        history &&
        judged.flatMap(({ group, verdict }) => ("record" in group ? [{ record: group.record, verdict }] : [])),
    });
  } finally {
    await verification.stop();
  }
}

/** Undefined for what AWS adds, and for what has no digest: the verdict on it does not depend on the document alone. */
function runningSubject({ kind, reference, digest, places }: RunningImage): Subject | undefined {
  if (kind !== "image" || digest === null) return undefined;
  return imageSubject({ container: places[0]?.group ?? "image", image: reference, digest, hasStarted: true });
}

function deniedSubject({ container, image, digest }: ReadRecord): Subject {
  return imageSubject({ container, image: image === "" ? undefined : image, digest, hasStarted: digest === undefined });
}
