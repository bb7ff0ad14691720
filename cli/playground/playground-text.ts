import type { Playground } from "../../local/playground/start";
import { toStatus } from "../../verifier/src/verification/verdict";
import { colorsFor } from "../lib/colors";
import { inStatusColour } from "../lib/status-colours";
import { tableText } from "../lib/table";

const colors = colorsFor(process.stdout);

/** What is in the playground and how to use it, for people: at most 80 columns wide, whatever the ports. */
export function playgroundText(playground: Playground): string {
  const { registry, cluster, region, samples, files } = playground;
  const rows = Object.values(samples).map(({ reference, done, code }) => {
    const status = toStatus(code);
    return [reference, done, inStatusColour(status, `${status} ${code}`)];
  });
  return [
    `On this machine: the registry ${registry}, AWS Signer, and ECS in ${region}`,
    `with the cluster ${cluster}.`,
    "",
    tableText([{ name: "IMAGE" }, { name: "WHAT WAS DONE" }, { name: "VERIFY SAYS" }], rows),
    "",
    "In another terminal, this points the commands at it:",
    "",
    `  . ${files.shell}`,
    "",
    "Try there:",
    "",
    ...commandsToTry(playground).flatMap(({ why, command }) => [colors.dim(`${why}:`), command]),
    "",
    "It is there until Ctrl-C.",
  ].join("\n");
}

/** Lines to copy. A backslash goes on in the next line. */
function commandsToTry({
  samples,
  profiles,
}: Playground): readonly { readonly why: string; readonly command: string }[] {
  const { web, api, pay } = samples;
  const line = (...parts: readonly string[]) => parts.join(" \\\n    ");
  const call = "  ecs-image-verification";
  const trust = '"$PLAYGROUND/trust.yaml"';
  return [
    { why: "The verdict on an image", command: line(`${call} verify ${web.reference}`, `--trust ${trust}`) },
    {
      why: "Sign it, and verify it again",
      command: line(`${call} sign ${api.reference} --resolve-tag`, `--profile ${profiles.release.arn}`),
    },
    {
      why: "Approve it: then it has both signatures",
      command: line(
        `${call} sign ${pay.reference} --resolve-tag`,
        `--profile ${profiles.approval.arn}`,
        `--trust ${trust}`,
      ),
    },
    { why: "Its signatures, and what is in them", command: `${call} inspect ${web.reference}` },
    {
      why: "Revoke web's signature, and verify it again",
      command: line(`${call} revoke`, `--job ${jobId(web.signature?.jobArn)} --reason "to try"`),
    },
    { why: "Whether the trust document is right", command: `${call} trust check ${trust}` },
    { why: "What follows from it", command: `${call} trust show ${trust}` },
    { why: "What it says of an image", command: line(`${call} trust explain ${pay.reference}`, `--trust ${trust}`) },
    { why: "What runs, judged", command: `${call} scan --all-clusters --trust ${trust}` },
    {
      why: "What the deployment gate would refuse",
      command: line(`${call} gate check --all --trust ${trust}`, '--outputs "$PLAYGROUND/outputs.json"'),
    },
  ];
}

function jobId(arn: string | undefined): string {
  return arn?.split("/").at(-1) ?? "";
}

/** The same for programs. */
export function playgroundJson({ registry, cluster, region, profiles, samples, files }: Playground): string {
  return JSON.stringify({
    registry,
    region,
    cluster,
    environment: files.shell,
    trust: files.trust,
    outputs: files.outputs,
    profiles: { release: profiles.release.arn, approval: profiles.approval.arn },
    images: Object.values(samples).map(({ reference, digest, done, code, signature }) => ({
      reference,
      digest,
      done,
      verdict: { status: toStatus(code), code },
      job: signature?.jobArn ?? null,
    })),
  });
}
