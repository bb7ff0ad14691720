import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Sample } from "../../automation/operations/sample-outcome";
import { verdictRecord } from "../../automation/operations/verdict-record";
import { temporaryFolder } from "../../verifier/src/temporary-folder";
import { runCommand, runOrThrow } from "../command";
import { type Context, foundBefore } from "../context";

/** Commands such as `verdicts --json` write null for fields that a record does not have. */
const written = z.preprocess(withoutNulls, verdictRecord);

const answer = z.object({
  samples: z.array(
    z.object({
      sample: z.enum(["signed", "unsigned"]),
      task: z.string(),
      expected: z.boolean().nullable(),
      verdict: written.nullable(),
    }),
  ),
});

/** The output of `run-sample` for one sample. */
export type SampleAnswer = z.infer<typeof answer>["samples"][number];

/** For a new task on Fargate, the event, and the verdict, in seconds. */
const LIMIT_SECONDS = 300;

/**
 * Runs samples with our own command line, as a user would.
 *
 * @throws Error if it could not run them, or there is no verdict.
 */
export async function runSample(context: Context, which: Sample | "both"): Promise<readonly SampleAnswer[]> {
  const { settings, place, options, signal, note } = context;
  const { subnet, securityGroup = [], publicIp, launchType } = options;
  const folder = temporaryFolder();
  try {
    const outputs = join(folder.path, "outputs.json");
    await writeFile(outputs, JSON.stringify(foundBefore(context, "outputs")));
    const { code, stdout, stderr } = await runCommand(
      [
        ...commandLine(context, "run-sample", "--outputs", outputs, "--cluster", place.cluster, "--which", which),
        ...["--launch-type", launchType, "--timeout", String(LIMIT_SECONDS), "--json"],
        ...subnet.flatMap((id) => ["--subnet", id]),
        ...securityGroup.flatMap((id) => ["--security-group", id]),
        ...(publicIp ? ["--public-ip"] : []),
      ],
      { folder: settings.folder, signal, note: (line) => note(`  ${line}`) },
    );
    if (signal.aborted) throw new Error("Interrupted; the samples were stopped.");
    if (stdout === "") throw new Error(`run-sample ended with ${code ?? "a signal"}: ${stderr.trim()}`);
    return answer.parse(JSON.parse(stdout)).samples;
  } finally {
    folder.remove();
  }
}

/** Revokes one signature. */
export async function revokeJob(context: Context, job: string, reason: string): Promise<void> {
  const { settings, place } = context;
  const id = job.slice(job.lastIndexOf("/") + 1);
  const region = job.startsWith("arn:") ? [] : ["--region", place.region];
  await runOrThrow(
    commandLine(context, "revoke", "--job", job, ...region, "--reason", reason, "--confirm", id, "--json"),
    { folder: settings.folder },
  );
}

function commandLine({ settings }: Context, ...args: readonly string[]): readonly string[] {
  return [process.execPath, join(settings.folder, "bin/ecs-image-verification"), ...args];
}

function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const given = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(given.map(([key, one]) => [key, withoutNulls(one)]));
}
