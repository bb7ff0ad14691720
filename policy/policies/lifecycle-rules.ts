import * as z from "zod";
import { parseJson } from "../../trust/text/parse-json";

/** An ECR lifecycle policy, with the parts that decide what is deleted (Amazon ECR user guide, lifecycle policies). */
const lifecycle = z.object({
  rules: z.array(
    z.object({
      rulePriority: z.number().optional(),
      selection: z.object({
        tagStatus: z.string(),
        tagPrefixList: z.array(z.string()).default([]),
        tagPatternList: z.array(z.string()).default([]),
      }),
    }),
  ),
});

type Selection = z.output<typeof lifecycle>["rules"][number]["selection"];

/** The OCI tag schema's tag for the index of an image's signatures: `sha256-<digest>`. */
const indexTags = "sha256-";

/**
 * The rules of a lifecycle policy that can select signatures. ECR deletes signatures together with their image. It is
 * not documented that ECR keeps them when a rule selects untagged images, and signatures have no tag. So this is not
 * relied upon; that ECR does not keep them is inferred (untagged-signatures).
 */
export function lifecycleViolations(policy: unknown): readonly string[] {
  const parsed = lifecycle.safeParse(typeof policy === "string" ? parseJson(policy) : policy);
  if (!parsed.success) return [`The lifecycle policy cannot be read: ${z.prettifyError(parsed.error)}`];
  return parsed.data.rules.flatMap(({ rulePriority, selection }, index) => {
    const reason = selects(selection);
    return reason === undefined ? [] : [`The lifecycle rule ${rulePriority ?? index + 1} ${reason}`];
  });
}

function selects({ tagStatus, tagPrefixList, tagPatternList }: Selection): string | undefined {
  const fix = "Select images by tag prefixes.";
  if (tagStatus !== "tagged") return `selects ${tagStatus} manifests, and signatures have no tag. ${fix}`;
  const prefix = tagPrefixList.find(meets);
  const pattern = tagPatternList.find(mayMatch);
  const found = prefix ?? pattern;
  return found === undefined ? undefined : `selects the tags ${JSON.stringify(found)}, which signatures have. ${fix}`;
}

function meets(prefix: string): boolean {
  return prefix.startsWith(indexTags) || indexTags.startsWith(prefix);
}

/** Ignores the text between the first and the last wildcard: it is better to report one rule too many. */
function mayMatch(pattern: string): boolean {
  const first = pattern.indexOf("*");
  if (first === -1) return pattern.startsWith(indexTags);
  return meets(pattern.slice(0, first)) && /^[0-9a-f]*$/.test(pattern.slice(pattern.lastIndexOf("*") + 1));
}
