import { type RegistryProxy, type Rule, startRegistryProxy } from "../../../local/registry-proxy";
import { expectVerdict, type VerdictExpectation, type Verified } from "./expect-verdict";
import type { Scene, SceneImage } from "./scene";

/** A proxy before the scene's registry. */
export interface SceneProxy {
  (): RegistryProxy;
  /** The reference of an image by way of the proxy. */
  referenceOf(image: Pick<SceneImage, "reference">): string;
  /** `expectVerdict` on a signed image in a registry that behaves by the rules, made for each verifier. */
  expectBehind(
    rules: () => readonly Rule[],
    verdict: Parameters<typeof expectVerdict>[2],
    expectation: VerdictExpectation,
  ): Promise<Verified>;
}

/** Starts a proxy before the tests of a `describe` and ends it after them. After each test it behaves well again. */
export function useRegistryProxy(scene: () => Scene): SceneProxy {
  let started: RegistryProxy | undefined;
  before(async () => {
    started = await startRegistryProxy({ target: scene().registry });
  });
  afterEach(() => started?.behave());
  after(() => started?.close());

  const proxy = () => {
    if (started === undefined) throw new Error("The registry proxy is there only while tests run.");
    return started;
  };
  const referenceOf: SceneProxy["referenceOf"] = ({ reference }) =>
    reference.replace(scene().registry, proxy().address);
  return Object.assign(proxy, {
    referenceOf,
    async expectBehind(rules, verdict, expectation) {
      const image = await scene().image();
      await scene().sign(image);
      const before = () => proxy().behave(...rules());
      return expectVerdict(scene().verifiers, referenceOf(image), verdict, { before, ...expectation });
    },
  } satisfies Pick<SceneProxy, "referenceOf" | "expectBehind">);
}
