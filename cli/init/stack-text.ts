import { NAMESPACE } from "../../configuration/problem";
import type { Answers } from "./answers";
import { EXEMPTION_EXAMPLE, scalar, trustLines } from "./trust-text";

/**
 * The file of a stack (Pulumi.<stack>.yaml), with comments.
 *
 * @param root The folder of this product as seen from the file, with a slash at its end; empty if it is the same folder.
 */
export function stackFileText(answers: Answers, root: string): string {
  const { region, account, stack, production } = answers;
  return [
    `# yaml-language-server: $schema=${root}docs/stack.schema.json`,
    ...heading(answers),
    "config:",
    `  aws:region: ${region}`,
    ...(account === undefined
      ? []
      : ["  # With credentials for another account nothing is changed.", `  aws:allowedAccountIds: ["${account}"]`]),
    ...["  aws:defaultTags:", "    tags:", `      project: ${NAMESPACE}`, `      environment: ${scalar(stack)}`],
    "",
    ...modeLines(answers),
    "",
    "  # Whom this environment trusts: docs/trust-document.md.",
    `  ${NAMESPACE}:trust:`,
    ...trustLines(answers).map((line) => `    ${line}`),
    "",
    ...(production ? [] : profileLines()),
    "  # How long the verifier's log is kept.",
    ...[`  ${NAMESPACE}:logs:`, `    retentionDays: ${production ? 365 : 30}`],
    "",
    ...notificationLines(answers),
    "",
    "  # Everything that runs is judged again, so that a revocation is noticed: docs/sweep.md.",
    ...[`  ${NAMESPACE}:sweep:`, `    everyHours: ${production ? 1 : 6}`],
    "",
    ...sampleLines(answers),
    ...keepingLines(answers),
    "",
  ].join("\n");
}

/** The examples are up here because `pulumi config set` rewrites the file, and moves comments that follow a list or mapping. */
function heading({ stack, account }: Answers): readonly string[] {
  return [
    `# The environment ${stack} of ecs-image-verification. docs/configuration.md explains every key; check the file with`,
    `#   ecs-image-verification trust check Pulumi.${stack}.yaml`,
    ...(account === undefined
      ? [
          "#",
          "# Its account, so that credentials for another one change nothing:",
          `#   pulumi config set --stack ${stack} --type string --path 'aws:allowedAccountIds[0]' ACCOUNT`,
        ]
      : []),
    "#",
    "# Only some clusters. Without this key every cluster of the account and region is watched:",
    `#   ${NAMESPACE}:clusters:`,
    `#     - arn:aws:ecs:REGION:ACCOUNT:cluster/NAME`,
    "#",
    "# The deployment gate, which refuses a deployment before its first task starts: docs/gate.md.",
    `#   ${NAMESPACE}:gate: {}`,
    "#",
    "# An image that may run without a signature for a while, under trust:",
    ...EXEMPTION_EXAMPLE,
    "",
  ];
}

function modeLines({ mode }: Answers): readonly string[] {
  const says =
    mode === "audit"
      ? "Records and reports; `enforce` would also stop denied tasks. Begin with audit, and look at what it finds."
      : "Stops denied tasks, and rolls back the deployment of a service that started one.";
  return [`  # ${says}`, `  ${NAMESPACE}:mode: ${mode}`];
}

function profileLines(): readonly string[] {
  return [
    "  # How long signatures are valid. It cannot be changed for a profile: docs/rotation.md.",
    `  ${NAMESPACE}:signingProfile:`,
    "    validityMonths: 12",
    "",
  ];
}

function notificationLines({ emails }: Answers): readonly string[] {
  const comment = "  # Who is told of verdicts and alarms. Each address must confirm its subscription once.";
  if (emails.length === 0) return [comment, `  ${NAMESPACE}:notifications:`, "    email: []"];
  return [
    comment,
    `  ${NAMESPACE}:notifications:`,
    "    email:",
    ...emails.map((address) => `      - address: ${JSON.stringify(address)}`),
  ];
}

/** It is signed with the stack's own profile, in this account's registry. */
function sampleLines({ production, registries, identities }: Answers): readonly string[] {
  if (production || !registries.includes("self") || !identities.includes("self")) return [];
  return [
    "  # A signed and an unsigned task to run: the stack's outputs say how. Docker, or the programs for it, sign the first.",
    `  ${NAMESPACE}:sampleWorkload: true`,
    "",
  ];
}

function keepingLines({ production }: Answers): readonly string[] {
  const says = production
    ? "The signing profile, the ledger and the orders cannot be removed before they are unprotected: docs/teardown.md."
    : "`pulumi destroy` takes everything, the repositories with their images.";
  return [`  # ${says}`, `  ${NAMESPACE}:protect: ${production}`, `  ${NAMESPACE}:forceDelete: ${!production}`];
}
