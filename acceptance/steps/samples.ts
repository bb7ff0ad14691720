import { toOutcome } from "../../automation/operations/sample-outcome";
import type { Context } from "../context";
import { defineStep } from "../step";
import { reportedDigest } from "./reported-digest";
import { runSample, type SampleAnswer } from "./sample-command";

/** Runs the signed and the unsigned sample. */
export const samples = defineStep({
  id: "samples",
  title: "Run the signed and the unsigned sample",
  proves:
    "ECS's events reach the function through the rule; AWS Signer's own plugin verifies what AWS Signer has signed; the signed sample is trusted and the unsigned one denied, each by the digest that runs.",
  needs: ["deploy"],
  settles: ["index-digest-reported", "log-ingestion-delay"],
  async run(context: Context) {
    const answers = await runSample(context, "both");
    const [signed, unsigned] = [verdictOn(answers, "signed"), verdictOn(answers, "unsigned")];
    const delay = Math.max(...[signed, unsigned].map(({ judgedAt }) => Date.now() - Date.parse(judgedAt)));
    context.found.signed = signed;
    context.found.unsigned = unsigned;
    return {
      text: [signed, unsigned]
        .map(({ taskCreatedAt, judgedAt, status, code, digest }) => {
          const seconds = (Date.parse(judgedAt) - Date.parse(taskCreatedAt ?? judgedAt)) / 1000;
          return `${status}, ${code} (${digest}), ${seconds.toFixed(1)} s after the task was created.`;
        })
        .join(" "),
      assumptions: {
        "index-digest-reported": await reportedDigest(context, signed),
        "log-ingestion-delay": `Both lines were found within ${Math.ceil(delay / 1000)} s of their timestamps.`,
      },
    };
  },
});

/**
 * Returns the verdict if it is as expected.
 *
 * @throws Error if not
 */
function verdictOn(answers: readonly SampleAnswer[], sample: SampleAnswer["sample"]) {
  const verdict = answers.find((one) => one.sample === sample)?.verdict ?? undefined;
  if (verdict === undefined)
    throw new Error(`There is no verdict on the ${sample} sample. The output above may say why.`);
  const { expected, text } = toOutcome(sample, verdict);
  if (!expected) throw new Error(text);
  if (verdict.digest === undefined) throw new Error(`${text} But ECS has reported no digest.`);
  return verdict;
}
