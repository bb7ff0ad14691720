import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deployedEnvironment } from "../../../cli/environments/deployed";

const OUTPUTS = {
  environment: "prod",
  account: "111122223333",
  region: "eu-west-1",
  mode: "audit",
  registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
  signingProfileArn: "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release",
  functionName: "verifier",
  logGroup: "/aws/lambda/verifier",
  ledgerTable: "ledger",
  failureQueue: "failure",
  deadLetterQueue: "dead-letter",
  unconfirmedRecipients: [],
};

const SAVE = "Save them on a machine with Pulumi: ecs-image-verification outputs --stack NAME --json > FILE";

describe("the file of --outputs", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "outputs-"));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  async function messageFor(content: unknown): Promise<string> {
    const file = join(folder, "outputs.json");
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
    return messageOf(file);
  }

  async function messageOf(file: string): Promise<string> {
    try {
      await deployedEnvironment({ outputs: file });
    } catch (error) {
      assert.ok(error instanceof Error && error.name === "UsageError", String(error));
      return error.message.replace(`--outputs ${file} `, "");
    }
    return assert.fail("the file was accepted");
  }

  it("is what `outputs --json` prints; what this version does not know is kept", async () => {
    const file = join(folder, "good.json");
    await writeFile(file, JSON.stringify({ ...OUTPUTS, later: 1 }));

    assert.deepEqual(await deployedEnvironment({ outputs: file }), { ...OUTPUTS, later: 1 });
  });

  it("is there, and no folder", async () => {
    await mkdir(join(folder, "folder"), { recursive: true });

    assert.equal(await messageOf(join(folder, "absent")), `cannot be read. There is no such file.\n${SAVE}`);
    assert.equal(
      await messageOf(join(folder, "folder")),
      `cannot be read. It is a folder, but a file is expected.\n${SAVE}`,
    );
  });

  it("is one JSON document, and not those of several stacks", async () => {
    const line = JSON.stringify(OUTPUTS);

    assert.equal(await messageFor(""), `is empty.\n${SAVE}`);
    assert.equal(await messageFor("# A heading\n"), `is not valid JSON.\n${SAVE}`);
    assert.equal(
      await messageFor(`${line}\n${line}\n`),
      `contains the outputs of several stacks, and one is expected.\n${SAVE}`,
    );
  });

  it("is nothing else: the error says what it holds", async () => {
    const other = "does not contain the outputs of an environment.";
    const failed = { stack: "prod", error: { type: "EnvironmentNotFound", message: "There is no environment prod." } };

    assert.equal(await messageFor({ name: "a" }), `${other} It has the key "name".\n${SAVE}`);
    assert.equal(await messageFor([1]), `${other} It holds a list.\n${SAVE}`);
    assert.equal(await messageFor(null), `${other} It is empty.\n${SAVE}`);
    assert.equal(
      await messageFor(failed),
      `contains the error from reading the outputs of prod: There is no environment prod.\n${SAVE}`,
    );
  });

  it("of another version or with a wrong value: each key is named with what it must be", async () => {
    const { logGroup: _, ...outputs } = OUTPUTS;

    const message = await messageFor({
      ...outputs,
      account: 7,
      region: "Ireland",
      mode: "block",
      unconfirmedRecipients: "none",
    });

    assert.equal(
      message,
      [
        "does not contain the outputs of an environment of this version:",
        "  account is 7, and must be text",
        '  region is "Ireland", and must be the name of an AWS region, such as "eu-west-1"',
        '  mode is "block", and must be "audit" or "enforce"',
        "  logGroup is missing",
        '  unconfirmedRecipients is "none", and must be a list',
        "Deploy it again, and save its outputs again.",
      ].join("\n"),
    );
  });
});
