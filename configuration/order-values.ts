import { LONGEST_EXEMPTION_HOURS } from "../verifier/src/behaviour";
import { LONGEST_OPENING_HOURS } from "../verifier/src/gate/environment";

/** The part of a problem that helps to fix it. */
interface Help {
  readonly allowed: string;
  readonly fix: string;
}

const HELP: ReadonlyMap<string, Help> = new Map([
  [
    "breakGlass",
    {
      allowed:
        `false, or a mapping with maxHours (1 to ${LONGEST_EXEMPTION_HOURS}, in hours; default 8) and principals ` +
        "(ARNs of IAM roles, each once), both optional",
      fix: "Write false to allow no exemptions, write a mapping, or remove the key to allow 8 hours.",
    },
  ],
  [
    "blocks",
    {
      allowed: "a mapping with principals (ARNs of IAM roles, each once)",
      fix: "Write the roles under blocks.principals, or remove the key. Blocks cannot be turned off.",
    },
  ],
  [
    "gate",
    {
      allowed: "a mapping; {} is a gate in audit that no service has yet",
      fix: "Write the settings under gate, or remove the key to have no gate.",
    },
  ],
  [
    "sweep",
    {
      allowed: "a mapping; {} is a sweep every six hours that only tells what it finds",
      fix: "Write the settings under sweep, or remove the key to have no sweep.",
    },
  ],
  [
    "canary",
    {
      allowed: "a mapping with subnets (ids of subnets) and, optionally, everyHours (1 to 24, in hours; default 6)",
      fix: "Write the settings under canary, or remove the key to have no canary.",
    },
  ],
  [
    "changeAlarms",
    {
      allowed: "a mapping with deploymentRole and, optionally, signingRole (ARNs of IAM roles)",
      fix: "Write the roles under changeAlarms, or remove the key to have no alarms on changes.",
    },
  ],
  [
    "gate.open",
    {
      allowed:
        `false, or a mapping with maxHours (1 to ${LONGEST_OPENING_HOURS}, in hours; default 8) and principals ` +
        "(ARNs of IAM roles, each once), both optional",
      fix: "Write false so that nobody can open the gate, write a mapping, or remove the key to allow 8 hours.",
    },
  ],
  [
    "gate.reservedConcurrency",
    {
      allowed: "a whole number from 1 to 1000, or none",
      fix: "Write none if the account has too few concurrent executions to reserve some, or remove the key to reserve 10.",
    },
  ],
]);

/** What may stand at a key about orders, the gate, the sweep, the canary or alarms on changes, and what to do if its value is wrong as a whole. */
export function orderValueHelp(path: string): Help | undefined {
  return HELP.get(path);
}
