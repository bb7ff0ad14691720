import { PulumiCommand } from "@pulumi/pulumi/automation";
import { createEnvironment, type Environment, type EnvironmentConfiguration } from "../../../automation";
import type { Scene } from "./scene";

/** The least that an environment can be configured with. */
export const LEAST: EnvironmentConfiguration = {
  mode: "audit",
  trust: { registries: ["self"], statements: [{ name: "release", repositories: ["*"], identities: ["self"] }] },
};

/** What the library needs to find the CLI, the backend and the stand-ins of a scene. */
export async function settingsOf({ engine }: Scene) {
  return { pulumi: await PulumiCommand.get({ root: engine.root }), variables: engine.variables };
}

/** An environment that is configured from TypeScript. */
export async function inlineEnvironment(
  scene: Scene,
  stack: string,
  changes: Partial<EnvironmentConfiguration> = {},
): Promise<Environment> {
  return createEnvironment({
    stack,
    region: "eu-central-1",
    configuration: { ...LEAST, ...changes },
    tags: { team: "platform" },
    ...(await settingsOf(scene)),
  });
}

/** The resources of a stack, without Pulumi's own. */
export async function resourcesOf(scene: Scene, stack: string) {
  return (await scene.state(stack)).filter(({ type }) => !type.startsWith("pulumi:"));
}
