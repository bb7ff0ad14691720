import { InvalidArgumentError } from "commander";
import { parseAccount, parseRegion } from "../lib/option-values";
import { USES } from "../lib/use";
import type { Answers } from "./answers";

/** What is known so far. */
export type Draft = Partial<Answers>;

/** A question, and the option that answers it. */
export interface Question {
  readonly key: keyof Answers;
  readonly option: string;
  readonly text: string;
  /** Whether it is asked. Default: always. */
  readonly applies?: (known: Draft) => boolean;
  /** The answer if none is given, as it would be typed; without one, an answer is required. */
  readonly standard: (known: Draft, env: NodeJS.ProcessEnv) => string | undefined;
  /** @throws `InvalidArgumentError`, as the parser of an option. */
  readonly read: (text: string) => Draft;
}

const isDeployment = ({ use }: Draft) => use !== "command-line";

export const QUESTIONS: readonly Question[] = [
  {
    key: "use",
    option: "--for",
    text: "What for: an environment that verifies every launch (deployment), or signing and verifying by command only (command-line)?",
    standard: () => "deployment",
    read: (text) => ({ use: oneOf(text, USES) }),
  },
  {
    key: "stack",
    option: "--stack",
    text: "Name of the environment, which is the name of its stack",
    applies: isDeployment,
    standard: () => "dev",
    read: (text) => ({ stack: text }),
  },
  {
    key: "region",
    option: "--region",
    text: "AWS region",
    standard: (_, { AWS_REGION, AWS_DEFAULT_REGION }) => AWS_REGION || AWS_DEFAULT_REGION || undefined,
    read: (text) => ({ region: parseRegion(text) }),
  },
  {
    key: "account",
    option: "--account",
    text: "AWS account, 12 digits (empty: not known yet)",
    standard: () => "",
    read: (text) => ({ account: text === "" ? undefined : parseAccount(text) }),
  },
  {
    key: "mode",
    option: "--mode",
    text: "Only record what is found (audit), or also stop denied tasks (enforce)?",
    applies: isDeployment,
    standard: () => "audit",
    read: (text) => ({ mode: oneOf(text, ["audit", "enforce"]) }),
  },
  {
    key: "production",
    option: "--production",
    text: "Is it production: kept for a year, protected from being removed (yes, no)?",
    applies: isDeployment,
    standard: ({ stack = "" }) => (/^prod/.test(stack) ? "yes" : "no"),
    read: (text) => ({ production: oneOf(text, ["yes", "no"]) === "yes" }),
  },
  {
    key: "registries",
    option: "--registry",
    text: "Registries that images may come from, with spaces between (self: this account's ECR in this region)",
    standard: (known) => (isDeployment(known) || known.account !== undefined ? "self" : undefined),
    read: (text) => ({ registries: words(text) }),
  },
  {
    key: "identities",
    option: "--identity",
    text: "Whom to trust: ARNs of signing profiles, with spaces between (self: the profile that this stack makes)",
    standard: (known) => (isDeployment(known) ? "self" : undefined),
    read: (text) => ({ identities: words(text) }),
  },
  {
    key: "emails",
    option: "--email",
    text: "E-mail addresses to tell of verdicts and alarms, with spaces between (empty: none)",
    applies: isDeployment,
    standard: () => "",
    read: (text) => ({ emails: words(text) }),
  },
];

function words(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

function oneOf<const Choice extends string>(text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((one) => one === text);
  if (choice === undefined) throw new InvalidArgumentError(`It must be ${choices.join(" or ")}.`);
  return choice;
}
