import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EnforcementLevel, Policies } from "@pulumi/policy";
import * as z from "zod";
import { policies } from "../../../policy/policies";

const root = join(__dirname, "../../..");
const page = readFileSync(join(root, "docs/policy.md"), "utf8");
const settings = z.record(z.string(), z.record(z.string(), z.unknown()));

const files = readdirSync(root).filter((name) => /^policy-.+\.json$/.test(name));
const texts = new Map([
  ...files.map((name) => [name, readFileSync(join(root, name), "utf8")] as const),
  ...[...page.matchAll(/```json\n(.*?)```/gs)].map(([, text = ""], index) => [`example ${index + 1}`, text] as const),
]);

/** Keys that the configuration of a policy may have. */
function keysOf({ configSchema }: Policies[number]): readonly string[] {
  return ["enforcementLevel", ...Object.keys(configSchema?.properties ?? {})];
}

describe("policy configuration files and examples", () => {
  it("there are some of both", () => {
    assert.deepEqual(files, ["policy-dev.json", "policy-prod.json"]);
    assert.equal(texts.size, 6);
  });

  for (const [name, text] of texts) {
    it(`${name}: every policy and every key exists, as Pulumi passes over what does not`, () => {
      for (const [policyName, given] of Object.entries(settings.parse(JSON.parse(text)))) {
        const policy = policies().find((candidate) => candidate.name === policyName);
        assert.ok(policy !== undefined, policyName);
        for (const key of Object.keys(given)) assert.ok(keysOf(policy).includes(key), `${policyName}.${key}`);
      }
    });
  }

  it("the page lists every policy with its level", () => {
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (mandatory|advisory|disabled) \|/gm)];
    const listed = new Map(rows.map(([, name, level]) => [name, level]));
    const levels = new Map<string, EnforcementLevel | undefined>(
      policies().map(({ name, enforcementLevel }) => [name, enforcementLevel]),
    );
    assert.deepEqual(listed, levels);
  });
});
