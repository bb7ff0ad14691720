import { InvalidArgumentError } from "commander";
import { askLine } from "../lib/ask-line";
import { UsageError } from "../lib/errors";
import type { Answers } from "./answers";
import { type Draft, QUESTIONS, type Question } from "./questions";

/** How answers are completed. */
export interface Completion {
  /** What options say. */
  readonly given: Draft;
  /** Why no person is asked what options do not say: the end of a sentence. Undefined if one is. */
  readonly silence: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** What is wrong with the answers so far. */
  readonly problemWith: (known: Draft) => string | undefined;
}

/** Stands for what is not known yet. */
const MADE_UP: Answers = {
  use: "deployment",
  stack: "dev",
  region: "us-east-1",
  account: undefined,
  mode: "audit",
  production: false,
  registries: ["self"],
  identities: ["self"],
  emails: [],
};

/** The answers so far, and something usable for the rest. */
export function filledIn(known: Draft): Answers {
  return { ...MADE_UP, ...known };
}

/**
 * Completes the answers, by asking the person at the terminal or with what is usual.
 *
 * @throws {@link UsageError} that names each option which is missing.
 */
export async function completeAnswers({ given, silence, env, problemWith }: Completion): Promise<Answers> {
  let known = given;
  const missing: string[] = [];
  for (const question of QUESTIONS) {
    if (question.key in known || question.applies?.(known) === false) continue;
    const standard = question.standard(known, env);
    if (silence === undefined) known = { ...known, ...(await ask(question, standard, known, problemWith)) };
    else if (standard === undefined) missing.push(question.option);
    else known = { ...known, ...question.read(standard) };
  }
  if (missing.length > 0) {
    throw new UsageError(
      `${listed(missing)} ${missing.length === 1 ? "is" : "are"} missing, and ${silence}. Nothing was written.`,
    );
  }
  return filledIn(known);
}

function listed(options: readonly string[]): string {
  return new Intl.ListFormat("en-GB", { type: "conjunction" }).format(options);
}

/** Asks until the answer can be used. */
async function ask(
  question: Question,
  standard: string | undefined,
  known: Draft,
  problemWith: Completion["problemWith"],
): Promise<Draft> {
  for (;;) {
    const line = await askLine(`${question.text}${standard ? ` [${standard}]` : ""}: `);
    if (line === undefined) throw new UsageError("\nThere was no answer. Nothing was written.");
    const answer = readAnswer(question, line.trim() || (standard ?? ""));
    const problem = "problem" in answer ? answer.problem : problemWith({ ...known, ...answer.read });
    if (problem === undefined && "read" in answer) return answer.read;
    process.stderr.write(`  ${problem}\n`);
  }
}

function readAnswer(question: Question, text: string): { readonly read: Draft } | { readonly problem: string } {
  try {
    return { read: question.read(text) };
  } catch (error) {
    if (error instanceof InvalidArgumentError) return { problem: error.message };
    throw error;
  }
}
