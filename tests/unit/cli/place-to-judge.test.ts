import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { account, exemption, region, release, statement } from "../trust/documents";
import { callHere } from "./call-here";

const trust = {
  registries: ["registry.example.com"],
  statements: [statement({ repositories: ["*"], identities: [release] })],
  exemptions: [exemption({ image: "registry.example.com/team/app", expires: "2026-01-01" })],
};
const files = {
  "trust.json": trust,
  "Pulumi.prod.yaml": {
    config: {
      "aws:region": region,
      "ecs-image-verification:mode": "audit",
      "ecs-image-verification:trust": trust,
    },
  },
};
/** What `scan` needs: it reads the document as it does to judge, and asks nobody. */
const SCAN = ["scan", "--all-clusters", "--region", region, "--permissions"];

describe("a trust document with an expired exemption", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "expired-"));
    for (const [name, value] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(value));
  });
  after(() => rm(folder, { recursive: true }));

  for (const file of Object.keys(files)) {
    it(`${file}: is read by a command that judges, which says so`, async () => {
      const { code, stderr } = await callHere(folder, ...SCAN, "--trust", file);

      const says = 'The exemption of "registry.example.com/team/app" has expired (2026-01-01) and exempts nothing.\n';
      assert.deepEqual([code, stderr], [0, says]);
    });

    it(`${file}: is refused by trust check and trust show`, async () => {
      for (const command of ["check", "show"]) {
        const { code, stdout, stderr } = await callHere(folder, "trust", command, file, "--account", account);

        assert.notEqual(code, 0, command);
        assert.match(`${stdout}${stderr}`, /expires: .*"2026-01-01" has passed/, command);
      }
    });
  }
});
