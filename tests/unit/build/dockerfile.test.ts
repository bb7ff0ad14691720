import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PLUGIN_RELEASE, PLUGIN_VERSION } from "../../../cli/plugin/release";
import { signerRoot } from "../../../trust/roots";

const checkout = resolve(__dirname, "../../..");
const read = (path: string) => readFileSync(join(checkout, path), "utf8");
const dockerfile = read("verifier/Dockerfile");

/** The default of a build argument. */
function argument(name: string): string | undefined {
  return new RegExp(`^ARG ${name}=(.*)$`, "m").exec(dockerfile)?.[1];
}

/** A variable as a Dockerfile writes it. */
function literal(name: string): string {
  return `\${${name}}`;
}

describe("the verifier's Dockerfile", () => {
  for (const partition of ["aws", "aws-us-gov"] as const) {
    it(`pins the same root certificate as the trust folder: ${partition}`, async () => {
      const { fingerprint256 } = new X509Certificate(await signerRoot(partition));

      assert.ok(dockerfile.includes(`${partition}) pinned=${fingerprint256} ;;`));
    });
  }

  it("labels the image with the versions that are in it", () => {
    const notationGo = /notation-go (v\S+)/.exec(read("verifier/notation/go.mod"))?.[1];

    assert.equal(argument("NOTATION_GO_VERSION"), notationGo);
    assert.equal(argument("VERSION"), JSON.parse(read("package.json")).version);
  });

  it("has the same release of AWS's Signer plugin as `plugin install`", () => {
    assert.equal(argument("PLUGIN_VERSION"), PLUGIN_VERSION);
    assert.ok(dockerfile.includes(`"${PLUGIN_RELEASE.package}@$PLUGIN_VERSION"`));
  });

  it("names every base image by a tag that stays", () => {
    assert.match(argument("GO_IMAGE") ?? "", /:\d+\.\d+\.\d+-bookworm$/);
    assert.match(argument("NODE_IMAGE") ?? "", /:24\.\d{4}\.\d\d\.\d\d\.\d\d$/);
    assert.doesNotMatch(dockerfile, /latest/);
  });

  it("leaves the user to Lambda, and only copies in its last stage", () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf("\nFROM "));

    assert.doesNotMatch(dockerfile, /^USER /m);
    assert.doesNotMatch(last, /^(RUN|ADD) /m);
  });

  it("makes a base image that has all but a configuration, and only copies in its stage", () => {
    const base = /\nFROM runtime AS base\n([\s\S]*?)\n#[^\n]*\nFROM /.exec(dockerfile)?.[1] ?? "";
    const files = /\nFROM go AS base-files\n([\s\S]*?)\nFROM /.exec(dockerfile)?.[1] ?? "";

    assert.match(base, /^COPY --from=base-files /m);
    assert.doesNotMatch(base, /^(RUN|ADD) /m);
    assert.doesNotMatch(files, /trustpolicy|settings\.json|TRUST_POLICY|ARG SETTINGS/);
  });

  it("puts a configuration on a base image without a compiler, another image or a file of the context", () => {
    const onBase = read("verifier/on-base.Dockerfile");
    const last = onBase.slice(onBase.lastIndexOf("\nFROM "));

    const images = [...onBase.matchAll(/^FROM (?:--platform=\S+ )?(\S+)/gm)].map(([, image]) => image);
    const copies = onBase.match(/^COPY .*$/gm) ?? [];
    assert.deepEqual([...new Set(images)], [literal("BASE_IMAGE"), "base"]);
    assert.ok(copies.length > 0);
    assert.ok(copies.every((copy) => copy.startsWith("COPY --from=configuration ")));
    assert.doesNotMatch(onBase, /^(ADD|USER) /m);
    assert.doesNotMatch(last, /^RUN /m);
  });

  it("lets nothing switch the checksum database off for the plugin", () => {
    const stage = /\nFROM go AS plugin\n([\s\S]*?)\nFROM /.exec(dockerfile)?.[1] ?? "";

    assert.match(stage, /export GOENV=off GOSUMDB=sum\.golang\.org GOPRIVATE= GONOSUMDB= GOINSECURE= GOFLAGS= &&/);
  });

  it("takes no settings from a go env file of the base image, which empty variables do not override", () => {
    const stage = /\nFROM \S+ \S+ AS go\n([\s\S]*?)\nFROM /.exec(dockerfile)?.[1] ?? "";

    assert.match(stage, /^ENV .*GOENV=off/m);
  });

  it("shares its build cache with no other Dockerfile: by default a mount is known by its target alone", () => {
    const mounts = dockerfile.match(/--mount=type=cache,\S*/g) ?? [];

    assert.ok(mounts.length >= 2);
    for (const mount of mounts) assert.match(mount, /,id=ecs-image-verification-/);
  });
});
