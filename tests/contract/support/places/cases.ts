import type { PlaceVerdict } from "./place";
import type { Choice } from "./world";

/** A task whose verdicts are known. */
export interface Case {
  readonly title: string;
  readonly choice: Choice;
  readonly web: PlaceVerdict;
  readonly proxy: PlaceVerdict;
}

const TRUSTED = { verdict: "trusted signature-valid" } as const;
const UNSIGNED = { verdict: "denied no-signature" } as const;
const MISSING = { verdict: "denied signers-missing" } as const;
const BLOCKED = { verdict: "denied digest-blocked" } as const;
const EXEMPT = { verdict: "exempt exempted" } as const;

/** Two images of one repository, of which nobody has signed one. */
const TASK = { web: ["team/app", "release"], proxy: ["team/app", "nobody"], statement: "release", orders: [] } as const;
/** Two of which nobody has signed either. */
const UNSIGNED_TASK = { ...TASK, web: ["team/tool", "nobody"] } as const;
/** Two of which the approval has signed one. */
const APPROVED_TASK = { ...TASK, statement: "release and approval", proxy: ["team/app", "both"] } as const;

/** Those that matter most. */
export const CASES: readonly Case[] = [
  { title: "signed, beside one that is not", choice: TASK, web: TRUSTED, proxy: UNSIGNED },
  {
    title: "an exemption of a digest that ends today frees that one alone",
    choice: { ...UNSIGNED_TASK, exemption: { of: "web", covers: "digest", ends: "today" } },
    web: EXEMPT,
    proxy: UNSIGNED,
  },
  {
    title: "an exemption of a repository frees what is in that one alone",
    choice: { ...UNSIGNED_TASK, exemption: { of: "proxy", covers: "repository", ends: "next week" } },
    web: UNSIGNED,
    proxy: EXEMPT,
  },
  {
    title: "an exemption that has expired frees nothing",
    choice: { ...TASK, exemption: { of: "proxy", covers: "digest", ends: "yesterday" } },
    web: TRUSTED,
    proxy: UNSIGNED,
  },
  { title: "a required signer is missing", choice: APPROVED_TASK, web: MISSING, proxy: TRUSTED },
  {
    title: "a required signer is missing, and the other container is exempt",
    choice: { ...APPROVED_TASK, exemption: { of: "proxy", covers: "digest", ends: "next week" } },
    web: MISSING,
    proxy: EXEMPT,
  },
  {
    title: "a block, of a signed image and of an exempt one",
    choice: {
      ...TASK,
      exemption: { of: "proxy", covers: "digest", ends: "next week" },
      orders: [
        { of: "web", kind: "block" },
        { of: "proxy", kind: "block" },
      ],
    },
    web: BLOCKED,
    proxy: BLOCKED,
  },
  {
    title: "a break-glass exemption in force frees its digest alone, and a block goes before it",
    choice: {
      ...UNSIGNED_TASK,
      orders: [
        { of: "proxy", kind: "exemption" },
        { of: "web", kind: "block" },
      ],
    },
    web: BLOCKED,
    proxy: { ...EXEMPT, without: "denied no-signature" },
  },
  {
    title: "nothing but a break-glass exemption in force lets the task run",
    choice: { ...TASK, orders: [{ of: "proxy", kind: "exemption" }] },
    web: TRUSTED,
    proxy: { ...EXEMPT, without: "denied no-signature" },
  },
  {
    title: "orders that have ended, or that nobody proves, change nothing",
    choice: {
      ...TASK,
      orders: [
        { of: "web", kind: "unproven block" },
        { of: "proxy", kind: "ended exemption" },
      ],
    },
    web: TRUSTED,
    proxy: UNSIGNED,
  },
];
