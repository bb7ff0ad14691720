import { type Inspection, inspectionSchema } from "../../../verifier/src/notation/inspect-protocol";
import type { Run } from "../../support/running-command";

/** What `inspect --json` prints. */
export type Answer = { reference: string; digest: string; mediaType: string; complete: boolean } & {
  signatures: (Omit<Inspection["signatures"][number], "unreadable"> & { unreadable: string | null })[];
};

/** The JSON document, its signatures checked against what the command itself expects. */
export function answerOf({ stdout }: Run): Answer {
  const answer = JSON.parse(stdout);
  for (const { unreadable, ...signature } of answer.signatures) {
    const fault = unreadable === null ? null : { kind: "rejected", detail: unreadable };
    inspectionSchema.shape.signatures.element.parse({ ...signature, unreadable: fault });
  }
  return answer;
}
