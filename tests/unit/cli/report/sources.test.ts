import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stillRunning } from "../../../../automation/operations/report/build-report";
import { readExemptions } from "../../../../cli/report/read-exemptions";
import { describeSweep } from "../../../../cli/report/read-sweep";
import { createSourceReader } from "../../../../cli/report/source-reader";
import { OUTPUTS } from "../../../support/environment-outputs";
import { sweepOf, sweptImage } from "../../../support/report-facts";

const QUESTION = { asking: "Reading", of: "it", action: "some:Right" };

describe("the exemptions of a report", () => {
  let project: string;
  before(async () => {
    project = await mkdtemp(join(tmpdir(), "project-"));
    const exemptions = [
      { image: "self/legacy", owner: "team", reason: "old", expires: "2099-01-01" },
      { image: "self/ended", owner: "team", reason: "old", expires: "2025-01-01" },
    ];
    const trust = {
      registries: ["self"],
      statements: [{ name: "all", repositories: ["*"], identities: ["self", "stack:signing"] }],
      exemptions,
    };
    const config = {
      "aws:region": OUTPUTS.region,
      "ecs-image-verification:mode": "audit",
      "ecs-image-verification:trust": trust,
    };
    await writeFile(join(project, "Pulumi.prod.yaml"), JSON.stringify({ config }));
    await writeFile(join(project, "Pulumi.broken.yaml"), "config: [");
  });
  after(() => rm(project, { recursive: true, force: true }));

  it("are those of the stack's file, in the environment's own account, with those that have ended; also where a signing profile is not known", async () => {
    const reader = createSourceReader();

    const exemptions = await readExemptions(OUTPUTS, { stack: "prod", project }, reader);

    assert.deepEqual(
      exemptions?.map(({ image, owner }) => [image, owner]),
      [
        [`${OUTPUTS.registry}/legacy`, "team"],
        [`${OUTPUTS.registry}/ended`, "team"],
      ],
    );
    assert.match(reader.sources[0]?.detail ?? "", /^2 exemptions of .*Pulumi\.prod\.yaml, which may be newer/);
  });

  it("are those of the document that is deployed, where the outputs have it: the stack's file may be newer", async () => {
    const reader = createSourceReader();
    const trustDocument = {
      registries: ["self"],
      statements: [{ name: "all", repositories: ["*"], identities: ["self"] }],
      exemptions: [{ image: "self/deployed", owner: "team", reason: "old", expires: "2099-01-01" }],
    };

    for (const options of [{}, { stack: "prod", project }]) {
      const exemptions = await readExemptions({ ...OUTPUTS, trustDocument }, options, reader);
      assert.deepEqual(
        exemptions?.map(({ image }) => image),
        [`${OUTPUTS.registry}/deployed`],
      );
    }
    assert.equal(reader.sources[0]?.detail, "1 exemption of the trust document that is deployed.");
  });

  it("are not known, and that is said, without a stack and where its file cannot be read", async () => {
    const reader = createSourceReader();

    assert.equal(await readExemptions(OUTPUTS, {}, reader), undefined);
    assert.equal(await readExemptions(OUTPUTS, { stack: "broken", project }, reader), undefined);

    assert.deepEqual(
      reader.sources.map(({ state }) => state),
      ["absent", "failed"],
    );
    assert.doesNotMatch(reader.sources[1]?.detail ?? "", /\n/);
  });
});

describe("the sweep of a report", () => {
  const images = [sweptImage(1), sweptImage(2)];
  const read = { sweep: sweepOf(images), running: stillRunning(images, sweepOf(images)) };
  const whole = { ...read, hasUnreadableSummary: false, unreadable: 0 };
  const cases: readonly (readonly [string, Partial<typeof whole>, RegExp])[] = [
    ["that was read as a whole", {}, /^read: 2 images at 2026-06-15T12:00:00\.000Z\.$/],
    [
      "with images that this version cannot read",
      { unreadable: 3 },
      /^partly: 2 images at .* 3 images of the table cannot/,
    ],
    [
      "that had found more images than there are",
      { sweep: sweepOf(images, { images: 5 }) },
      /^partly: .* The sweep had found 5 images: 3 of them cannot be shown\.$/,
    ],
    [
      "whose summary this version cannot read",
      { hasUnreadableSummary: true },
      /^failed: The summary of the last sweep/,
    ],
  ];
  for (const [what, changes, expected] of cases) {
    it(`${what} is said`, () => {
      const said = describeSweep({ ...whole, ...changes });

      assert.match(`${said.state}: ${said.detail}`, expected);
    });
  }
});

describe("the sources of a report", () => {
  const fail = () => Promise.reject(new Error("no answer"));

  it("may fail as long as one could be read", async () => {
    const reader = createSourceReader();
    await reader.read("one", QUESTION, fail, () => "");
    await reader.read(
      "two",
      QUESTION,
      () => Promise.resolve(3),
      (found) => `${found}.`,
    );

    reader.check();

    assert.deepEqual(
      reader.sources.map(({ name, state }) => [name, state]),
      [
        ["one", "failed"],
        ["two", "read"],
      ],
    );
  });

  it("are an error if AWS has given none of them, whatever a file says", async () => {
    const reader = createSourceReader();
    await reader.read("one", QUESTION, fail, () => "");
    await readExemptions(OUTPUTS, {}, reader);

    assert.throws(() => reader.check(), /^CommandFailedError: Reading it failed: Error: no answer\./);
  });
});
