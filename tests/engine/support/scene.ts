import { awsPackage } from "./aws-provider";
import { serveAwsx } from "./awsx-provider";
import { commandPackage } from "./command-provider";
import { type ContainerEngine, startContainerEngine } from "./container-engine";
import { dockerPackage } from "./docker-provider";
import { type Engine, type EngineCommand, type EngineRun, type StateResource, startEngine } from "./engine";
import { copyProject, type Project } from "./project";
import type { Properties } from "./properties";
import type { ProviderCall } from "./provider-calls";
import { BUILD_LIMIT_MS, requireCli } from "./requirements";
import { type ProviderPackage, type ResourceProvider, serveProvider } from "./resource-provider";

export interface SceneOptions {
  /** Folder of the project. Default: the checkout. */
  readonly project?: string;
  /** Names the state's folder: the `name` of Pulumi.yaml. */
  readonly projectName: string;
  /** In place of the stand-ins of the same name. */
  readonly packages?: readonly ProviderPackage[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Plugins that run already. */
  readonly attached?: readonly { readonly name: string; readonly port: number }[];
}

/** A project, the engine, and the stand-ins for the providers. */
export interface Scene {
  readonly engine: Engine;
  readonly project: Project;
  /** What DOCKER_HOST leads to: the Docker provider cannot be configured while it is stopped. */
  readonly containerEngine: ContainerEngine;
  /** Runs a command of the engine on a stack, which is made if need be. */
  run(command: EngineCommand, stack: string, ...flags: readonly string[]): Promise<EngineRun>;
  pulumi: (...args: readonly string[]) => ReturnType<Engine["pulumi"]>;
  state(stack: string): Promise<readonly StateResource[]>;
  /** The calls that the stand-ins have had, in their order within each package. */
  calls(): readonly ProviderCall[];
  /** What a resource of the stand-ins really is, whatever the state says; undefined where there is none. */
  applied(type: string, id: string): Properties | undefined;
  close(): Promise<void>;
}

export async function startScene(options: SceneOptions): Promise<Scene> {
  const stops: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const stop of stops.reverse().splice(0)) await stop();
  };
  const keep = <T extends { close(): Promise<void> }>(started: T): T => {
    stops.push(() => started.close());
    return started;
  };
  try {
    const providers: ResourceProvider[] = [];
    const containerEngine = keep(await startContainerEngine());
    const environment = { DOCKER_HOST: containerEngine.host, ...options.environment };
    for (const provided of packagesOf(options)) providers.push(keep(await serveProvider(provided, environment)));
    const awsx = keep(await serveAwsx());
    const engine = keep(
      await startEngine({ providers: [...providers, awsx, ...(options.attached ?? [])], environment }),
    );
    const project = await copyProject(options.project);
    stops.push(() => project.remove());
    const stacks = new Set<string>();
    const pulumi = (...args: readonly string[]) => engine.pulumi(args, project.folder);
    return {
      engine,
      project,
      containerEngine,
      pulumi,
      async run(command, stack, ...flags) {
        if (!stacks.has(stack)) await pulumi("stack", "init", stack);
        stacks.add(stack);
        return engine.run(command, stack, project.folder, flags);
      },
      state: (stack) => engine.state(options.projectName, stack),
      calls: () => providers.flatMap(({ calls }) => calls),
      applied: (type, id) => providers.map(({ applied }) => applied(type, id)).find((inputs) => inputs !== undefined),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function packagesOf({ packages = [] }: SceneOptions): readonly ProviderPackage[] {
  const given = new Set(packages.map(({ name }) => name));
  return [...packages, ...[awsPackage(), dockerPackage(), commandPackage()].filter(({ name }) => !given.has(name))];
}

/** Starts a scene before the tests of a suite and ends it after them. */
export function useScene(options: SceneOptions): () => Scene {
  let scene: Scene | undefined;
  before("start the engine", async function () {
    this.timeout(BUILD_LIMIT_MS);
    await requireCli(this);
    scene = await startScene(options);
  });
  after("stop the engine", () => scene?.close());
  return () => {
    if (scene === undefined) throw new Error("The engine runs only while the tests run.");
    return scene;
  };
}
