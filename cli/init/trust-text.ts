import { ecrHost } from "../../trust/partition";
import type { Answers } from "./answers";

type Trust = Pick<Answers, "registries" | "identities">;

/** What stands behind `self` in the file of a stack. */
const SELF = {
  registry: "this account's ECR registry in this region",
  identity: "the signing profile that this stack makes",
};

/** The lines of a trust document in YAML, without indentation. */
export function trustLines({ registries, identities }: Trust): readonly string[] {
  return [
    "registries:",
    ...registries.map((host) => `  - ${scalar(host)}${host === "self" ? ` # ${SELF.registry}` : ""}`),
    "statements:",
    "  - name: release",
    '    repositories: ["*"]',
    "    identities:",
    ...identities.map((name) => `      - ${scalar(name)}${name === "self" ? ` # ${SELF.identity}` : ""}`),
  ];
}

/** A trust document in a file of its own. Nothing says there what `self` is, so what it stands for is written out. */
export function trustFileText(
  answers: Pick<Answers, "account" | "region" | "registries" | "identities">,
  root: string,
): string {
  const { account, region } = answers;
  const registries = answers.registries.map((host) =>
    host === "self" && account !== undefined ? ecrHost(account, region) : host,
  );
  return [
    `# yaml-language-server: $schema=${root}docs/trust-document.schema.json`,
    "# Whom verify, scan and the other commands trust. The format: docs/trust-document.md of ecs-image-verification.",
    "#   ecs-image-verification trust check trust.yaml",
    "#",
    "# An image that may run without a signature for a while, and who answers for it:",
    ...EXEMPTION_EXAMPLE,
    "",
    ...trustLines({ ...answers, registries }),
    "",
  ].join("\n");
}

/** An exemption as a comment, below the line that says what it is for. */
export const EXEMPTION_EXAMPLE = [
  "#   exemptions:",
  "#     - image: public.ecr.aws/aws-observability/aws-for-fluent-bit@sha256:...",
  "#       owner: platform-team",
  "#       reason: vendor image, not signed by us",
  '#       expires: "2027-03-31"',
];

/** A text that YAML reads as that text: plain where that is certain. */
export function scalar(text: string): string {
  return /^[a-z][a-z0-9]*(?:[./:-][A-Za-z0-9_/]+)*$/.test(text) && !/^(?:true|false|null|yes|no|on|off)$/.test(text)
    ? text
    : JSON.stringify(text);
}
