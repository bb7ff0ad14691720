import type { AwsSecurityFinding, Partition, Resource } from "@aws-sdk/client-securityhub";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import { parseFamily } from "../ecs/arn";
import { isSignerProven } from "../reporting/message";
import { nextStep } from "../reporting/next-step";
import { RUNBOOK, runbookOfCode } from "../reporting/runbook";
import { clusterName, type FindingContext, type FindingFacts, workloadOf } from "./finding-facts";
import { findingId } from "./finding-id";
import { findingText } from "./finding-text";
import { severityOf } from "./severity";

/** What a finding says, without the times and the record state: those follow from what became of it. */
export type FindingBody = Omit<
  AwsSecurityFinding,
  "CreatedAt" | "UpdatedAt" | "FirstObservedAt" | "LastObservedAt" | "RecordState"
>;

/** The most characters of a text (API reference of Security Hub, AwsSecurityFinding, Recommendation). */
const LIMITS = { description: 1024, recommendation: 512, productField: 2048 } as const;
/** Inferred (resource-id-length): as for the id of a finding. */
const RESOURCE_ID_LIMIT = 512;
/** For names inside the description, so that the reason is not cut away. */
const NAME_LIMIT = 160;

const PRODUCT = "ecs-image-verification";
const TYPE = "Software and Configuration Checks/AWS Security Best Practices";

/**
 * The finding about a denied or finally inconclusive image at a place, in the AWS Security Finding Format (Security Hub
 * user guide). Severity and types are under `FindingProviderFields` alone, which the guide prefers ("BatchImportFindings for
 * finding providers"): Security Hub replicates them to the top level, until the people who work with a finding change them.
 */
export function toFindingBody(facts: FindingFacts, context: FindingContext): FindingBody {
  const { status, code } = facts;
  const { partition, account, region } = context.trust;
  const title = status === "denied" ? "Container image is denied" : "Container image could not be verified";
  return {
    SchemaVersion: "2018-10-08",
    Id: findingId(context, facts),
    ProductArn: productArn(context),
    ProductName: PRODUCT,
    GeneratorId: `${PRODUCT}/${code}`,
    AwsAccountId: account,
    FindingProviderFields: {
      Severity: { Label: severityOf(facts, context), Original: `${status}, ${context.mode}` },
      Types: [TYPE],
    },
    // No text of others: people group findings by their title. So it is far below the 256 characters that there may be.
    Title: `${title}: ${code}`,
    Description: findingText(describe(facts), LIMITS.description) ?? title,
    Compliance: { Status: status === "denied" ? "FAILED" : "WARNING" },
    Remediation: { Recommendation: recommend(facts, context) },
    ProductFields: toProductFields(facts, context),
    Resources: resourcesOf(facts, { partition, account, region }),
  };
}

/** The default product of an account, by which it sends findings of its own (Security Hub user guide, custom products). */
export function productArn({ trust: { partition, region, account } }: Pick<FindingContext, "trust">): string {
  return `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`;
}

function describe(facts: FindingFacts): string {
  const name = (text: string) => findingText(text, NAME_LIMIT) ?? "without a name";
  const { kind, name: workload } = workloadOf(facts);
  const where = `Container ${name(facts.container)} of ${kind} ${name(workload)} in cluster ${name(clusterName(facts))}`;
  const image = findingText(facts.reference, NAME_LIMIT * 2) ?? facts.digest ?? "that ECS does not report";
  return `${where} has the image ${image}. Verdict: ${facts.status} (${facts.code}). ${facts.detail}`;
}

/** A link only where the environment names the page's address: Security Hub wants a URL. */
function recommend({ code }: FindingFacts, { runbookUrl }: FindingContext) {
  const text = `${nextStep(code)} Runbook: ${runbookOfCode(code, RUNBOOK)}`;
  return withoutUndefined({
    Text: findingText(text, LIMITS.recommendation),
    Url: runbookUrl === undefined ? undefined : runbookOfCode(code, runbookUrl),
  });
}

function toProductFields(facts: FindingFacts, { environment, mode }: FindingContext): Record<string, string> {
  const fields: Readonly<Record<string, string>> = {
    environment,
    mode,
    status: facts.status,
    code: facts.code,
    cluster: facts.cluster,
    [workloadOf(facts).kind]: workloadOf(facts).name,
    container: facts.container,
    image: facts.reference,
    digest: facts.digest ?? "",
    signers: isSignerProven(facts.code) ? facts.signers.join(", ") : "",
    task: facts.task,
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      const text = findingText(value, LIMITS.productField);
      return text === undefined ? [] : [[`${PRODUCT}/${name}`, text]];
    }),
  );
}

/** The service if the task's group names one, the task definition, one of the tasks, and the container with its image. */
function resourcesOf(facts: FindingFacts, place: FindingContext["trust"]): Resource[] {
  const { cluster, taskDefinition, task, group } = facts;
  const workload = workloadOf(facts);
  const resource = (type: string, id: string, details: Resource["Details"]): Resource[] => {
    const Id = findingText(id, RESOURCE_ID_LIMIT);
    if (Id === undefined) return [];
    // The SDK's type lists three partitions. Images can be verified in two of those only (trust/partition.ts).
    return [{ Type: type, Id, Partition: place.partition as Partition, Region: place.region, Details: details }];
  };
  const service = workload.kind === "service" ? findingText(workload.name, NAME_LIMIT * 2) : undefined;
  return [
    ...(service === undefined
      ? []
      : resource("AwsEcsService", serviceArn(facts, place, workload.name), {
          AwsEcsService: { Cluster: cluster, Name: service, TaskDefinition: taskDefinition },
        })),
    ...resource("AwsEcsTaskDefinition", taskDefinition, {
      AwsEcsTaskDefinition: { Family: parseFamily(taskDefinition) },
    }),
    ...resource("AwsEcsTask", task, {
      AwsEcsTask: {
        ClusterArn: cluster,
        TaskDefinitionArn: taskDefinition,
        ...withoutUndefined({ Group: group === undefined ? undefined : findingText(group, NAME_LIMIT * 2) }),
      },
    }),
    ...resource("Container", facts.reference || (facts.digest ?? facts.container), {
      Container: withoutUndefined({
        Name: findingText(facts.container, NAME_LIMIT * 2),
        ImageId: facts.digest,
        ImageName: findingText(facts.reference, RESOURCE_ID_LIMIT),
      }),
    }),
  ];
}

/** In the long form, which ECS gives every new service (ECS developer guide, "Amazon Resource Names (ARNs) and IDs"). */
function serviceArn(
  facts: FindingFacts,
  { partition, region, account }: FindingContext["trust"],
  name: string,
): string {
  return `arn:${partition}:ecs:${region}:${account}:service/${clusterName(facts)}/${name}`;
}
