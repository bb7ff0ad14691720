import { buildGo, type GoProgram, isBuilt, localRegistry, notationVerifier, signerPlugin } from "../../build/go";
import { type DeploymentRow, playDeployments } from "./deployments/play";
import { GATE_SCENES } from "./deployments/scenes";
import { type Effects, listEffects } from "./effects";
import { playScene, type Row } from "./play";
import { runSteps, type Step } from "./progress";
import { SCENES } from "./scenes";
import { openStage, type Stage } from "./stage";
import { type PlayedSweeps, playSweeps } from "./sweep/play";
import { writeDemoReport } from "./sweep/report";

/** The result of the demo. */
export interface DemoResult {
  readonly rows: readonly Row[];
  /** What the gate said to deployments. */
  readonly deployments: readonly DeploymentRow[];
  /** What the sweeps found. */
  readonly sweeps: PlayedSweeps;
  /** Path of the report page. */
  readonly report: string;
  /** All calls to AWS of the launches. */
  readonly effects: Effects;
  /** The registry of the demo, `127.0.0.1:PORT`. */
  readonly registry: string;
  /** Duration without the builds, in seconds. */
  readonly seconds: number;
}

/**
 * Builds missing programs, starts the stand-ins, plays all scenes, deployments and sweeps, writes the report, and
 * stops everything again, even after a failure.
 * When `signal` is aborted, the current scene is the last one.
 */
export async function performDemo(signal: AbortSignal): Promise<DemoResult> {
  const rows: Row[] = [];
  const deployments: DeploymentRow[] = [];
  let sweeps: PlayedSweeps | undefined;
  let report: string | undefined;
  let effects: Effects | undefined;
  let stage: Stage | undefined;
  let startedAt = performance.now();

  const start: Step = {
    title: "Start the registry, the stand-ins for AWS and the verifier",
    run: async () => {
      startedAt = performance.now();
      stage = await openStage();
    },
  };
  const play: Step = {
    title: `Play ${SCENES.length} scenes`,
    run: async ({ detail }) => {
      for (const scene of SCENES) {
        detail(scene.title);
        rows.push(...(await playScene(scene, opened(stage))));
        signal.throwIfAborted();
      }
    },
  };

  const deploy: Step = {
    title: `Deploy to ${GATE_SCENES.length} services behind the gate`,
    run: async ({ detail }) => {
      for (const scene of GATE_SCENES) {
        detail(scene.title);
        deployments.push(...(await playDeployments(scene, opened(stage))));
        signal.throwIfAborted();
      }
    },
  };

  const look: Step = {
    title: "Sweep what runs, twice, and write the report",
    run: async () => {
      const there = opened(stage);
      effects = listEffects(there.aws.calls());
      sweeps = await playSweeps(there, rows);
      signal.throwIfAborted();
      report = await writeDemoReport(there, sweeps.last);
    },
  };

  try {
    await runSteps([...buildSteps(process.env), start, play, deploy, look], signal);
    const { registry } = opened(stage);
    const seconds = (performance.now() - startedAt) / 1000;
    if (sweeps === undefined || report === undefined || effects === undefined) throw new Error("A step was left out.");
    return { rows, deployments, sweeps, report, registry, effects, seconds };
  } finally {
    await stage?.close();
  }
}

function buildSteps({ SIGNER_PLUGIN }: NodeJS.ProcessEnv): Step[] {
  return [
    buildStep("the verifier", notationVerifier),
    SIGNER_PLUGIN
      ? { title: `Use the Signer plugin that SIGNER_PLUGIN names: ${SIGNER_PLUGIN}`, run: async () => {} }
      : buildStep("the Signer plugin", signerPlugin),
    buildStep("the registry", localRegistry),
  ];
}

function buildStep(what: string, program: GoProgram): Step {
  return {
    title: `Build ${what}`,
    run: async ({ title }) => {
      if (await isBuilt(program)) return title(`Build ${what}: done before`);
      title(`Build ${what}: takes minutes the first time`);
      await buildGo(program);
      title(`Build ${what}`);
    },
  };
}

function opened(stage: Stage | undefined): Stage {
  if (stage === undefined) throw new Error("The scenes are played before the stage is open.");
  return stage;
}
