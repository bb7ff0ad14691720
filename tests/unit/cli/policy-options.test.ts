import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toPolicy } from "../../../cli/environments/policy-options";

describe("the policy pack of preview and up", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "pack-"));
    for (const [name, text] of Object.entries({
      "PulumiPolicy.yaml": "runtime: nodejs",
      "a.json": "{}",
      "b.json": "",
      "c.json": "{",
    })) {
      writeFileSync(join(folder, name), text);
    }
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  const given = (policyPackConfig: string) =>
    toPolicy({ policyPack: folder, policyPackConfig: join(folder, policyPackConfig) });

  it("is a folder with PulumiPolicy.yaml, its configuration a file of JSON", () => {
    assert.deepEqual(toPolicy({}), {});
    assert.deepEqual(toPolicy({ policyPack: folder }), { policy: { pack: folder } });
    assert.deepEqual(given("a.json"), { policy: { pack: folder, configuration: join(folder, "a.json") } });
  });

  it("is refused before Pulumi is asked", () => {
    const refused = (call: () => unknown, message: RegExp) => assert.throws(call, { name: "UsageError", message });

    refused(() => toPolicy({ policyPackConfig: "a.json" }), /needs --policy-pack DIR/);
    refused(
      () => toPolicy({ policyPack: join(folder, "a.json") }),
      /a\.json is not a policy pack: it has no PulumiPolicy\.yaml/,
    );
    refused(() => given("absent.json"), /absent\.json cannot be read\. There is no such file\./);
    refused(() => given("."), /cannot be read\. It is a folder, but a file is expected\.$/);
    refused(() => given("b.json"), /b\.json is empty\.$/);
    refused(() => given("c.json"), /c\.json is not valid JSON\.$/);
  });
});
