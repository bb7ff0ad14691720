import type { Redriven } from "../../automation/operations/redrive";
import { describeAwsError } from "../../verifier/src/aws-error";
import { lastPart } from "../../verifier/src/ecs/arn";
import type { Launch } from "../../verifier/src/ecs/launch";
import { asciiJson, printable } from "../lib/printable";

/** A queue message and its redrive result, for people. */
export function redrivenText({ queue, messageId, sentAt, event, outcome }: Redriven): string {
  const head = `${RESULT[outcome.result].toUpperCase().padEnd(WIDTH)}  ${sentAt?.toISOString().replace(/\.\d+Z$/, "Z") ?? "-"}  ${queue} queue`;
  const rows: (readonly [string, string | undefined])[] =
    event.kind === "event"
      ? [
          [
            "task",
            `${lastPart(event.launch.taskArn)} (${event.launch.lastStatus}) in cluster ${lastPart(event.launch.clusterArn)}, ${printable(event.launch.group ?? "no group", 100)}`,
          ],
          ...event.launch.containers.map((container) => ["image", formatImage(container)] as const),
          ["why", printable(event.why, 400)],
        ]
      : [
          ["message", printable(messageId, 100)],
          ["problem", printable(event.problem, 400)],
          ["why", event.why === "" ? undefined : printable(event.why, 400)],
        ];
  const error = "error" in outcome ? ([["error", printable(describeAwsError(outcome.error), 400)]] as const) : [];
  const known = [...rows, ...error].flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${name.padEnd(8)} ${value}`],
  );
  return [head, ...known].join("\n");
}

const RESULT: Readonly<Record<Redriven["outcome"]["result"], string>> = {
  "given-back": "given back",
  found: "found",
  later: "left: came later",
  unusable: "left: unusable",
  refused: "left: refused",
  "not-deleted": "given back, not deleted",
};

const WIDTH = 10;

function formatImage({ name, image, imageDigest }: Launch["containers"][number]): string {
  const reported = imageDigest === undefined || image?.includes("@") ? "" : `@${imageDigest}`;
  return `${printable(image ?? "(none)")}${reported} (container ${printable(name, 100)})`;
}

/** The same as one line of JSON, for programs. Every key is present; unknown values are `null`. */
export function redrivenJson({ queue, messageId, sentAt, event, outcome }: Redriven): string {
  const launch = event.kind === "event" ? event.launch : undefined;
  return asciiJson({
    queue,
    messageId,
    sentAt: sentAt?.toISOString() ?? null,
    result: outcome.result,
    error: "error" in outcome ? describeAwsError(outcome.error) : null,
    problem: event.kind === "unusable" ? event.problem : null,
    why: event.why === "" ? null : event.why,
    eventTime: launch?.eventTime.toISOString() ?? null,
    cluster: launch?.clusterArn ?? null,
    task: launch?.taskArn ?? null,
    group: launch?.group ?? null,
    lastStatus: launch?.lastStatus ?? null,
    containers:
      launch?.containers.map(({ name, image, imageDigest }) => ({
        name,
        image: image ?? null,
        digest: imageDigest ?? null,
      })) ?? null,
  });
}
