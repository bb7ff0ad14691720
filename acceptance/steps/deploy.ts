import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StackAlreadyExistsError } from "@pulumi/pulumi/automation";
import { createEnvironment, type Environment } from "../../automation/environments/environment";
import type { EnvironmentEvent } from "../../automation/environments/events";
import { stackName } from "../../automation/environments/settings";
import { runOrThrow } from "../command";
import type { Context } from "../context";
import type { Made } from "../made";
import { createStack, stackResources } from "../pulumi-state";
import { stackFileText } from "../stack-file";
import { defineStep } from "../step";

/** Creates the stack and the environment. */
export const deploy = defineStep({
  id: "deploy",
  title: "Deploy a new environment",
  proves:
    "`up` creates an environment in an account that has none: AWS accepts every name, policy and pattern, the image runs on Lambda, and the sample is copied and signed by AWS Signer.",
  needs: [],
  settles: ["ecr-manifest-calls"],
  async run(context: Context) {
    const { settings, pulumi, place, signal, note, found } = context;
    const environment = await makeStack(context);
    found.environment = environment;
    const { changes, outputs } = await environment.deploy({ signal, onEvent: told(note) });
    found.outputs = outputs;
    found.resources = await stackResources(settings, pulumi);
    return {
      text: `${changes.create ?? 0} resources in ${place.region}; the sample is signed with ${outputs.signingProfileArn}.`,
      assumptions: {
        "ecr-manifest-calls": "The sample was copied into both repositories.",
      },
    };
  },
});

/** Reports each finished resource and warnings. */
export function told(note: Context["note"]) {
  return (event: EnvironmentEvent) => {
    if (event.type === "resource" && event.phase === "done") note(`  ${event.operation} ${event.resource.name}`);
    if (event.type === "message" && event.severity === "warning") note(`  warning: ${event.message}`);
  };
}

/** Path of the stack's file. */
export function toStackFile({ settings }: Pick<Context, "settings">): string {
  return join(settings.folder, `Pulumi.${stackName(settings)}.yaml`);
}

async function makeStack(context: Context): Promise<Environment> {
  const { settings, pulumi, place, made, secrets } = context;
  const file = toStackFile(context);
  const text = stackFileText({
    region: place.region,
    environment: stackName(settings),
    cluster: place.cluster,
    slack: secrets.slackWebhookUrl !== undefined,
    pagerDuty: secrets.pagerDutyRoutingKey !== undefined,
  });
  // Never overwrites an existing file.
  await writeFile(file, text, { flag: "wx" });
  const environment = await createEnvironment({ ...settings, pulumi });
  try {
    await createStack(settings, pulumi);
  } catch (error) {
    // Does not touch somebody else's stack.
    if (error instanceof StackAlreadyExistsError) await rm(file);
    else made.add(removal(context, environment, file));
    throw error;
  }
  made.add(removal(context, environment, file));
  await setSecrets(context);
  return environment;
}

function removal({ settings: { stack }, note }: Context, environment: Environment, file: string): Made {
  return {
    what: `the stack ${stack}, with everything that it created in AWS`,
    byHand: `bin/ecs-image-verification destroy --stack ${stack} --remove --yes && rm ${file}`,
    async remove() {
      // On a second attempt, the first may have already done this.
      if ((await environment.status()).state !== "absent") {
        await environment.destroy({ remove: true, onEvent: told(note) });
      }
      // Without it the stack cannot be destroyed by hand.
      await rm(file, { force: true });
    },
  };
}

/** Passed on standard input: the Automation API would write them on a command line, which others on this machine can read. */
async function setSecrets({ settings, pulumi, secrets, signal }: Context): Promise<void> {
  for (const [key, value] of Object.entries(secrets)) {
    const name = `ecs-image-verification:${key}`;
    await runOrThrow([pulumi.command, "config", "set", "--secret", name, "--stack", settings.stack], {
      folder: settings.folder,
      variables: { ...process.env, ...settings.variables },
      input: value,
      signal,
    });
  }
}
