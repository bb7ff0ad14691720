import { type BaseImages, baseImages } from "./base-images";
import { type Engine, startEngine } from "./engine";
import { missingForImages, skipOrFail } from "./requirements";
import { type Scene, startScene } from "./scene";
import { buildVerifier } from "./verifier-image";

/** Tag of the image under test. */
export const IMAGE = "ecs-image-verification-test/verifier:built";

/** An engine that has the image, and the stand-ins that its settings are for. */
export interface ImageFixture {
  readonly engine: Engine;
  readonly base: BaseImages;
  readonly scene: Scene;
  /** Has something done when the suite is over; the last first. */
  later(cleanUp: () => Promise<void>): void;
}

/** Builds the image before the tests of the surrounding suite, which are skipped where the machine lacks what that needs. */
export function useVerifierImage(receive: (fixture: ImageFixture) => void): void {
  const cleanUps: (() => Promise<void>)[] = [];
  const later = (cleanUp: () => Promise<void>) => void cleanUps.push(cleanUp);

  before("start an engine and build the image", async function () {
    this.timeout(15 * 60_000);
    const missing = missingForImages();
    if (missing !== undefined) return skipOrFail(this, missing);
    const engine = await startEngine();
    later(engine.stop);
    const base = await baseImages(engine);
    const scene = await startScene();
    later(scene.close);
    const startedAt = performance.now();
    await buildVerifier(engine, base, { tag: IMAGE, settings: scene.settings });
    console.log(`    built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    receive({ engine, base, scene, later });
  });

  after("stop the engine", async function () {
    this.timeout(60_000);
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  });
}
