import { pushImage } from "../../local/images";
import { expandTrustDocument, parseTrustDocument } from "../../trust";
import { expectVerdict } from "./support/expect-verdict";
import { useRegistryProxy } from "./support/registry-proxy";
import { useScene } from "./support/scene";
import type { Verifiers } from "./support/verifiers";

/** The registry of one account in one region, by three of its names. */
const NAMES = [
  "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
  "111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com",
  "111122223333.dkr-ecr.eu-west-1.on.aws",
] as const;

describe("contract: the names of one ECR registry (42)", () => {
  const scene = useScene();
  const proxy = useRegistryProxy(scene);
  let verifiers: Verifiers;

  before(async () => {
    const { release, foreign, stack } = scene();
    const trust = expandTrustDocument(
      parseTrustDocument({
        registries: ["self", ...NAMES.slice(1)],
        statements: [
          { name: "others", repositories: ["*"], identities: [foreign.arn] },
          { name: "payments", repositories: ["self/payments"], identities: [release.arn] },
        ],
      }),
      { account: "111122223333", region: "eu-west-1" },
    );
    // The local registry stands behind ECR's names: an HTTP proxy needs no DNS.
    const environment = { ...stack.environment, HTTP_PROXY: `http://${proxy().address}` };
    verifiers = await scene().startVerifiers({ environment }, trust);
  });

  it("an exact statement and one for *: the exact one judges, whatever the name", async () => {
    const byRelease = await signedImage("payments", "release");
    const byForeign = await signedImage("payments", "foreign");

    for (const name of NAMES) {
      const of = (digest: string) => `${name}/payments@${digest}`;
      await expectVerdict(verifiers, of(byRelease), "trusted signature-valid", { cli: "not asked" });
      await expectVerdict(verifiers, of(byForeign), "denied identity-not-trusted", { cli: "not asked" });
    }
  });

  it("the statement for * judges the other repositories, whatever the name", async () => {
    const digest = await signedImage("another", "foreign");

    for (const name of NAMES) {
      await expectVerdict(verifiers, `${name}/another@${digest}`, "trusted signature-valid", { cli: "not asked" });
    }
  });

  async function signedImage(name: string, by: "release" | "foreign"): Promise<string> {
    const repository = { url: `http://${scene().registry}`, name };
    const descriptor = await pushImage(repository, { seed: `${name} ${by}`, tag: by });
    await scene().sign({ repository, descriptor }, {}, scene()[by]);
    return descriptor.digest;
  }
});
