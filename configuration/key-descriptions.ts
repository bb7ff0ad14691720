import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../package-root";

const DOCUMENTATION = join(PACKAGE_ROOT, "docs/configuration.md");

/** Keys that the table of docs/configuration.md does not have: mappings, which are explained by their keys, and entries of lists. */
const NOT_IN_TABLE: ReadonlyMap<string, string> = new Map([
  ["breakGlass.maxHours", "The longest time of an exemption, in hours."],
  ["breakGlass.principals", "ARNs of the IAM roles that may exempt images; default: everyone whom IAM allows."],
  ["blocks", "Who may block images by an order. Blocks cannot be turned off."],
  ["gate", "The deployment gate, which ECS asks before a deployment starts tasks. Without the key there is none."],
  ["gate.enforce", "What is enforced although gate.mode is audit."],
  ["gate.open.maxHours", "The longest time of an opening, in hours."],
  ["gate.open.principals", "ARNs of the IAM roles that may open the gate; default: everyone whom IAM allows."],
  ["sweep", "The sweep, which judges everything that runs again. Without the key there is none; {} is one in audit."],
  ["signingProfile", "The profile of AWS Signer that this environment signs with."],
  ["verifier", "The verifier's function and its image."],
  ["logs", "The verifier's log."],
  ["notifications", "Who is told of verdicts and alarms."],
  ["notifications.slack", "Messages to Slack; needs slackWebhookUrl."],
  ["notifications.pagerDuty", "Messages to PagerDuty; needs pagerDutyRoutingKey."],
  ["changeAlarms", "Alarms on changes of the environment by others. Without the key there are none."],
  ["canary", "A task that must be denied, every few hours. Without the key there is none."],
]);

/**
 * What each key is, by its path (`notifications.email[].address`): the first sentence in the table of docs/configuration.md,
 * so that it is written once.
 */
export function keyDescriptions(): ReadonlyMap<string, string> {
  const text = readFileSync(DOCUMENTATION, "utf8");
  const rows = [...text.matchAll(/^\| `([^`]+)` \| .+? \| (.*) \|$/gm)];
  return new Map([...NOT_IN_TABLE, ...rows.map(([, key = "", cell = ""]) => [key, firstSentence(cell)] as const)]);
}

function firstSentence(markdown: string): string {
  const plain = markdown
    // A link in parentheses leads to more, which the file says where the key stands.
    .replace(/ \(\[[^\]]*\]\([^)]*\)\)/g, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  const [sentence = ""] = plain.split(/(?<=\.) (?=[A-Z])/);
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`.replace(/[.:]?$/, ".");
}
