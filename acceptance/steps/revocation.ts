import { stackName } from "../../automation/environments/settings";
import { type Context, foundBefore } from "../context";
import { VERDICT_TTL_SECONDS } from "../stack-file";
import { defineStep } from "../step";
import { revokeJob, runSample } from "./sample-command";

/** How long AWS Signer may take to publish a revocation, in addition to our cache. */
const LIMIT_MS = 10 * 60_000;

/** Revokes the sample's signature. */
export const revocation = defineStep({
  id: "revocation",
  title: "Revoke the signature of the signed sample, and run it until it is denied",
  proves: `A revoked signature is denied, once the earlier verdict is no longer cached (${VERDICT_TTL_SECONDS} s here).`,
  needs: ["samples"],
  settles: ["job-id-grammar"],
  async run(context: Context) {
    const { note, settings } = context;
    const job = foundBefore(context, "signed").signature?.job;
    if (job === undefined) throw new Error("The verdict on the signed sample names no signing job.");
    await revokeJob(context, job, `Acceptance ${stackName(settings)}: the sample is signed to be revoked.`);
    const revoked = Date.now();
    for (;;) {
      const [answer] = await runSample(context, "signed");
      const verdict = answer?.verdict;
      if (!verdict) throw new Error("There is no verdict on the signed sample.");
      const seconds = Math.round((Date.parse(verdict.judgedAt) - revoked) / 1000);
      const is = `${verdict.status}, ${verdict.code}`;
      if (verdict.code === "signature-revoked") {
        return {
          text: `${is}, judged ${seconds} s after the revocation.`,
          assumptions: { "job-id-grammar": `\`revoke\` took the job ${job}, and so did AWS Signer.` },
        };
      }
      if (verdict.status !== "trusted") throw new Error(`It is ${is}: ${verdict.detail}`);
      if (Date.now() - revoked > LIMIT_MS) throw new Error(`It is still ${is}, ${seconds} s after the revocation.`);
      note(`  still ${is}, ${seconds} s after the revocation: running it again`);
    }
  },
});
