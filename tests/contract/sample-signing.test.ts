import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { startAws } from "../../local/aws";
import { pushImage } from "../../local/images";
import { requireBasic, startRegistryProxy } from "../../local/registry-proxy";
import { startLocalStack } from "../../local/stack";
import { expandTrustDocument, parseTrustDocument } from "../../trust";
import { writeNodeProgram } from "./support/executables";

const ECR = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
const PASSWORD = "token-of-the-stand-in";
const CHECKOUT = resolve(__dirname, "../..");

/** Asks the local registry and Signer in place of those on AWS, and notes its arguments; the rest is the real program. */
function redirected(verifier: string, registry: string, signerUrl: string, notes: string): string {
  return `
    const { spawnSync } = require("node:child_process");
    const args = process.argv.slice(2);
    require("node:fs").writeFileSync(${JSON.stringify(notes)}, JSON.stringify(args));
    const image = args.pop().replace(${JSON.stringify(ECR)}, ${JSON.stringify(registry)});
    const local = ["--plain-http", "--signer-endpoint", ${JSON.stringify(signerUrl)}, image];
    process.exit(spawnSync(${JSON.stringify(verifier)}, [...args, ...local], { stdio: "inherit" }).status ?? 1);`;
}

describe("the command that signs the sample during a deployment", () => {
  it("signs with the profile, logged in to ECR, and puts no password into arguments", async () => {
    const stack = await startLocalStack();
    const proxy = await startRegistryProxy({ target: stack.registry });
    const aws = await startAws({
      "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken": () => ({
        authorizationData: [
          {
            authorizationToken: Buffer.from(`AWS:${PASSWORD}`).toString("base64"),
            expiresAt: Math.floor(Date.now() / 1000) + 43_200,
          },
        ],
      }),
    });
    try {
      const profile = stack.signer.putProfile("sample");
      const image = await pushImage({ url: `http://${stack.registry}`, name: "team/app" }, { seed: "sample" });
      proxy.behave(requireBasic({ username: "AWS", password: PASSWORD }));
      const folder = await stack.temporaryFolder();
      const notes = join(folder, "arguments.json");
      const program = redirected(stack.programs.verifier, proxy.address, stack.signer.url, notes);
      const verifier = await writeNodeProgram(join(folder, "notation-verifier"), program);

      const child = spawn(process.execPath, ["--import", "tsx", "components/sample/sign-main.ts"], {
        cwd: CHECKOUT,
        env: {
          ...stack.environment,
          PATH: process.env.PATH,
          AWS_ENDPOINT_URL: aws.url,
          NOTATION_VERIFIER: verifier,
          SIGNER_PLUGIN: stack.programs.plugin,
          IMAGE: `${ECR}/team/app@${image.digest}`,
          PROFILE_ARN: profile.arn,
          VERIFIER_IMAGE: `${ECR}/verifier@${image.digest}`,
          VERIFIER_ARCHITECTURE: "x86_64",
        },
      });
      const [stdout, stderr, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, "close"),
      ]);

      assert.equal(code, 0, stderr);
      assert.equal(JSON.parse(stdout).signature.profileVersion, profile.versionArn);
      assert.doesNotMatch((await readFile(notes, "utf8")) + stdout + stderr, new RegExp(PASSWORD));
      const statements = [{ name: "sample", repositories: ["*"], identities: [profile.arn] }];
      const document = parseTrustDocument({ registries: [stack.registry], statements });
      const notation = await stack.notation(expandTrustDocument(document, stack.signer));
      const reference = `${stack.registry}/team/app@${image.digest}`;
      const { outcome } = await notation.verify({ reference, deadlineMs: 10_000 });
      await notation.stop();
      assert.equal(outcome, "verified");
    } finally {
      await Promise.all([aws.close(), proxy.close()]);
      await stack.close();
    }
  });
});
