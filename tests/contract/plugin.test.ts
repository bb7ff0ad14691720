import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { writeShellScript } from "../support/executables";
import { expectVerdict } from "./support/expect-verdict";
import { type SceneImage, useScene } from "./support/scene";

describe("contract: Signer plugin that cannot be used (34)", () => {
  const scene = useScene();
  let image: SceneImage;

  before(async () => {
    image = await scene().image();
    await scene().sign(image);
  });

  const expectPluginMisconfigured = async (plugin: string): Promise<void> => {
    const verifiers = await scene().startVerifiers({ plugin });

    await expectVerdict(verifiers, image.reference, "inconclusive verifier-misconfigured", {
      cli: "agrees",
      detail: new RegExp(plugin),
    });
  };

  it("34p: plugin missing", async () => {
    await expectPluginMisconfigured(join(await scene().stack.temporaryFolder(), "missing"));
  });

  it("34q: plugin not executable", async () => {
    const plugin = await script("exit 0");
    await chmod(plugin, 0o644);

    await expectPluginMisconfigured(plugin);
  });

  it("34r: plugin that crashes at once", async () => {
    await expectPluginMisconfigured(await script("kill -9 $$"));
  });

  it("34s: plugin that ends without a word", async () => {
    await expectPluginMisconfigured(await script("exit 100"));
  });

  it("34t: plugin that is another one", async () => {
    const { plugin } = scene().stack.programs;

    await expectPluginMisconfigured(await script(`'${plugin}' "$@" | /bin/sed s/com.amazonaws/com.example/`));
  });

  it("34u: plugin that crashes only when it verifies", async () => {
    const { plugin } = scene().stack.programs;

    await expectPluginMisconfigured(
      await script(`[ "$1" = get-plugin-metadata ] || kill -9 $$\nexec '${plugin}' "$@"`),
    );
  });

  it("34v: plugin that answers nonsense only when it verifies", async () => {
    const { plugin } = scene().stack.programs;

    await expectPluginMisconfigured(
      await script(`[ "$1" = get-plugin-metadata ] || exec echo nonsense\nexec '${plugin}' "$@"`),
    );
  });

  async function script(body: string): Promise<string> {
    return writeShellScript(join(await scene().stack.temporaryFolder(), "plugin"), body);
  }
});
