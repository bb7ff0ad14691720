import { DescribeImagesCommand } from "@aws-sdk/client-ecr";
import { DescribeTasksCommand } from "@aws-sdk/client-ecs";
import type { ReadRecord } from "../../automation/operations/verdict-record";
import { parseReference } from "../../trust/reference";
import { describeAwsError } from "../../verifier/src/aws-error";
import type { Context } from "../context";

/** Which digest ECS reports for the sample's container and what it identifies, in one or two sentences. */
export async function reportedDigest(
  { clients: { ecs, ecr } }: Pick<Context, "clients">,
  { cluster, task = "", container, image }: Pick<ReadRecord, "cluster" | "task" | "container" | "image">,
): Promise<string> {
  try {
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
    const found = tasks.flatMap(({ containers = [] }) => containers).find(({ name }) => name === container);
    if (found?.imageDigest === undefined) return "Not seen: ECS shows no digest of the container.";
    const { repository, digest } = parseReference(image);
    const same = found.imageDigest === digest ? "the one that was signed" : `different from the signed ${digest}`;
    const asked = { repositoryName: repository, imageIds: [{ imageDigest: found.imageDigest }] };
    const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand(asked));
    const type = imageDetails[0]?.imageManifestMediaType ?? "a manifest of unknown type";
    return `ECS reports ${found.imageDigest}, ${same}; it is ${type}.`;
  } catch (error) {
    return `Not seen: ${describeAwsError(error)}`;
  }
}
