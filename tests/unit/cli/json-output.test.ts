import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { document } from "../trust/documents";
import { callHere } from "./call-here";

describe("the JSON of a command that asks nobody", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "json-"));
    await writeFile(join(folder, "trust.yaml"), JSON.stringify(document({ registries: ["registry.example.com"] })));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const call of [
    "explain --json",
    "explain no-signature --json",
    "trust check trust.yaml --json",
    "trust check trust.yaml --format sarif",
    "trust explain registry.example.com/app:v1 registry.example.com/app:v2 --trust trust.yaml --json",
    "trust show trust.yaml --json",
    "bottlerocket trust.yaml --region eu-west-1 --json",
  ]) {
    it(`${call} is all that is on standard output`, async () => {
      const { code, stdout } = await callHere(folder, ...call.split(" "));

      assert.equal(code, 0);
      assert.ok(isJson(stdout) || stdout.trimEnd().split("\n").every(isJson), stdout);
    });
  }

  it("is not mixed with an error: where there is no answer, standard output is empty", async () => {
    for (const call of ["explain nothing --json", "trust show gone.yaml --json", "up --json", "scan --json"]) {
      const { code, stdout } = await callHere(folder, ...call.split(" "));

      assert.deepEqual([code, stdout], [64, ""], call);
    }
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
