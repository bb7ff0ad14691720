import * as z from "zod";
import { parseJson } from "../../trust/text/parse-json";

/** An ECR lifecycle policy, as far as it decides what is taken away (Amazon ECR user guide, lifecycle policies). */
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

/** What the tag schema of OCI calls the index of an image's signatures: `sha256-<digest>`. */
const indexTags = "sha256-";

/**
 * The rules of a lifecycle policy that can select signatures. ECR removes them with their image; that it spares them
 * when a rule selects what has no tag, as signatures have none, is documented nowhere, and not relied upon: that it does not is
 * inferred (untagged-signatures).
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
  const fix = "Select images by the prefixes of their tags.";
  if (tagStatus !== "tagged") return `selects ${tagStatus} manifests, and a signature has no tag. ${fix}`;
  const prefix = tagPrefixList.find(meets);
  const pattern = tagPatternList.find(mayMatch);
  const found = prefix ?? pattern;
  return found === undefined ? undefined : `selects the tags ${JSON.stringify(found)}, as signatures have them. ${fix}`;
}

function meets(prefix: string): boolean {
  return prefix.startsWith(indexTags) || indexTags.startsWith(prefix);
}

/** What stands between the first and the last wildcard is left out of account: rather one rule too many. */
function mayMatch(pattern: string): boolean {
  const first = pattern.indexOf("*");
  if (first === -1) return pattern.startsWith(indexTags);
  return meets(pattern.slice(0, first)) && /^[0-9a-f]*$/.test(pattern.slice(pattern.lastIndexOf("*") + 1));
}
