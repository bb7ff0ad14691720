import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AwsAnswers } from "../../../../local/aws-answers";
import { OUTPUTS_WITH_ORDERS } from "../../../support/environment-outputs";
import { type Answer, callHere } from "../../../unit/cli/call-here";
import { commandLine } from "../command-line";
import type { Scene } from "../scene";
import { withAws } from "./aws";
import type { JudgedTask } from "./place";

/** The machine of a person or a pipeline: its files, its environment. */
export interface Operator {
  /** Root certificates of the scene's Signer. */
  readonly trustStore: string;
  readonly scene: Scene;
  /** Does some work with the environment variables that reach AWS, with the task's orders. */
  work<T>(task: JudgedTask, ecs: AwsAnswers, work: () => Promise<T>): Promise<T>;
  /** Calls a command about a task with its trust document and the orders of its environment. Its answer is a verdict. */
  call(task: JudgedTask, ecs: AwsAnswers, ...words: readonly string[]): Promise<CommandAnswer>;
}

export interface CommandAnswer {
  readonly stdout: string;
  readonly isRefused: boolean;
}

/** Commands run in this process: one of its own for each would take a second. So they run one after the other. */
export async function operatorIn(scene: Scene): Promise<Operator> {
  const folder = await scene.stack.temporaryFolder();
  const [trust, outputs] = [join(folder, "trust.json"), join(folder, "outputs.json")];
  const { withRoot, trustStore, environment } = await commandLine(scene);
  await writeFile(outputs, JSON.stringify({ ...OUTPUTS_WITH_ORDERS, signingProfileArn: scene.release.arn }));

  const work: Operator["work"] = (task, ecs, doIt) =>
    withAws(task, ecs, async ({ url }) => {
      const before = process.env;
      process.env = { ...environment, AWS_ENDPOINT_URL: url };
      try {
        return await doIt();
      } finally {
        process.env = before;
      }
    });
  return {
    scene,
    trustStore,
    work,
    call: (task, ecs, ...words) =>
      work(task, ecs, async () => {
        await writeFile(trust, JSON.stringify(task.document));
        const options = ["--trust", trust, "--outputs", outputs, ...withRoot, "--json"];
        return toAnswer(await callHere(folder, ...words, ...options));
      }),
  };
}

/** 0: all are trusted or exempt; 1: something is denied. Everything else means that the command could not judge. */
function toAnswer({ code, stdout, stderr }: Answer): CommandAnswer {
  assert.ok(code === 0 || code === 1, stderr);
  return { stdout, isRefused: code === 1 };
}
