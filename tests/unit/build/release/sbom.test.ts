import assert from "node:assert/strict";
import { parseGoBuild } from "../../../../build/go-modules";
import { packagesOfNotices } from "../../../../build/release/npm";
import { type SbomParts, toSbom } from "../../../../build/release/sbom";

/** As `go version -m` prints it. */
const GO_BUILD = `/somewhere/program: go1.26.8
	path	example.com/program
	mod	example.com/program	(devel)	
	dep	example.com/one	v1.0.0	h1:aaa=
	dep	example.com/two	v2.0.0+incompatible	h1:bbb=
	dep	example.com/three	v3.0.0
	=>	example.com/fork	v3.0.1	h1:ccc=
	build	-trimpath=true
`;

const development = [{ name: "cdx:npm:package:development", value: "true" }];

/** As `npm sbom` prints it, shortened. */
const NPM = {
  bomFormat: "CycloneDX",
  specVersion: "1.5",
  serialNumber: "urn:uuid:00000000-0000-4000-8000-000000000000",
  version: 1,
  metadata: {
    timestamp: "2020-01-01T00:00:00.000Z",
    lifecycles: [{ phase: "pre-build" }],
    component: { "bom-ref": "product@1.0.0", type: "library", name: "folder", version: "1.0.0" },
  },
  components: [
    { "bom-ref": "used@1.0.0", type: "library", name: "used", version: "1.0.0", scope: "required", properties: [] },
    { "bom-ref": "bundled@1.0.0", type: "library", name: "bundled", scope: "optional", properties: development },
    { "bom-ref": "test@1.0.0", type: "library", name: "test", scope: "optional", properties: development },
  ],
  dependencies: [
    { ref: "product@1.0.0", dependsOn: ["used@1.0.0", "bundled@1.0.0", "test@1.0.0"] },
    { ref: "used@1.0.0", dependsOn: [] },
    { ref: "bundled@1.0.0", dependsOn: ["used@1.0.0"] },
    { ref: "test@1.0.0", dependsOn: [] },
  ],
};

const PARTS: SbomParts = {
  name: "product",
  version: "1.0.0",
  npm: NPM,
  bundled: ["bundled@1.0.0"],
  programs: [{ name: "program", build: parseGoBuild(GO_BUILD) }],
  date: new Date("2026-11-01T10:00:00Z"),
};

describe("what a Go program is made of", () => {
  it("is read from the program, with replaced modules by what replaces them", () => {
    const { goVersion, modules } = parseGoBuild(GO_BUILD);

    assert.equal(goVersion, "1.26.8");
    assert.deepEqual(
      modules.map(({ path, version }) => `${path} ${version}`),
      ["example.com/one v1.0.0", "example.com/two v2.0.0+incompatible", "example.com/fork v3.0.1"],
    );
  });

  it("is not made up for a file of another kind", () => {
    assert.throws(() => parseGoBuild("/bin/sh: could not read Go build info\n"), /no program of Go/);
  });
});

describe("the packages of a bundle", () => {
  it("are those in its notices", () => {
    const notices = `The JavaScript here holds parts of these packages:

  @scope/one 1.0.0 (MIT, by Somebody)
  two 2.0.0-beta.1 (Apache-2.0)

${"-".repeat(80)}
  three 3.0.0 (is the text of a licence)
`;

    assert.deepEqual(packagesOfNotices(notices), ["@scope/one@1.0.0", "two@2.0.0-beta.1"]);
  });
});

describe("the bill of materials of a release", () => {
  const sbom = JSON.parse(JSON.stringify(toSbom(PARTS)));
  const refs: readonly string[] = sbom.components.map((component: Record<string, string>) => component["bom-ref"]);

  it("has what is used, what is bundled and what is linked in, and nothing that only development needs", () => {
    assert.deepEqual(refs, [
      "used@1.0.0",
      "bundled@1.0.0",
      "program:program",
      "pkg:golang/std@v1.26.8",
      "pkg:golang/example.com/one@v1.0.0",
      "pkg:golang/example.com/two@v2.0.0%2Bincompatible",
      "pkg:golang/example.com/fork@v3.0.1",
    ]);
    assert.ok(!JSON.stringify(sbom).includes("cdx:npm:package:development"));
  });

  it("says what depends on what, of what is in it only", () => {
    const { dependsOn } = sbom.dependencies.find(({ ref }: { ref: string }) => ref === "product@1.0.0");

    assert.deepEqual(dependsOn, ["used@1.0.0", "bundled@1.0.0", "program:program"]);
    for (const { ref, dependsOn } of sbom.dependencies) {
      for (const one of [ref, ...dependsOn]) assert.ok(one === "product@1.0.0" || refs.includes(one), one);
    }
  });

  it("is named after the package, with the time of the commit, and the same each time", () => {
    assert.deepEqual([sbom.metadata.component.name, sbom.metadata.timestamp], ["product", "2026-11-01T10:00:00.000Z"]);
    assert.match(sbom.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const again = { ...NPM, serialNumber: "urn:uuid:11111111-1111-4111-8111-111111111111" };
    assert.deepEqual(toSbom({ ...PARTS, npm: again }), toSbom(PARTS));
  });

  it("has another number with other contents", () => {
    const other = toSbom({ ...PARTS, programs: [] }) as { readonly serialNumber: string };

    assert.notEqual(other.serialNumber, sbom.serialNumber);
  });
});
