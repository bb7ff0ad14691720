import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explainImage } from "../../../cli/trust/explain-image";
import { placeTrust } from "../../../cli/trust/resolve";
import { account, digest, document, exemption, now, ownRegistry, region, release, statement } from "../trust/documents";
import { judgeWith, subject } from "../verifier/verification/judging";
import { callHere } from "./call-here";

const SECRET = `arn:aws:secretsmanager:${region}:${account}:secret:registries/ghcr-a1B2c3`;
const DUAL_STACK = `${account}.dkr-ecr.${region}.on.aws`;
const OTHER = `sha256:${"b".repeat(64)}`;

const VALUE = document({
  registries: ["self", "registry.example.com", { host: "ghcr.io", credentials: SECRET }],
  statements: [
    statement({ name: "team", repositories: ["self/team/app"], identities: ["self", release] }),
    {
      name: "approved",
      repositories: ["registry.example.com/shop"],
      require: [{ identities: ["self"] }, { identities: [release] }],
      signaturesFrom: "self/signatures",
      maxAgeDays: 90,
    },
    statement({ name: "ghcr", repositories: ["ghcr.io/team/tool"] }),
  ],
  exemptions: [
    exemption(),
    exemption({ image: "self/old", expires: "2026-06-01" }),
    exemption({ image: "registry.example.com/vendor", expires: "2026-06-15" }),
  ],
});

const placed = placeTrust(
  { kind: "trust-document", file: "trust.yaml", value: VALUE },
  { account, region },
  { now, expiredExemptions: "keep", env: {} },
);
const explain = (image: string) => explainImage(image, placed, now);

describe("trust explain", () => {
  it("says which statement covers an image, whom it requires, and its scopes", () => {
    const { status, registry, statement: found } = explain(`${ownRegistry}/team/app:1`);

    assert.equal(status, null);
    assert.deepEqual(registry?.ecr, { account, region });
    assert.deepEqual(
      [found?.name, found?.coveredBy, found?.require, found?.registryScopes],
      ["team", `${ownRegistry}/team/app`, null, [`${ownRegistry}/team/app`]],
    );
    assert.deepEqual(
      found?.identities.map(({ identity, kind }) => [identity, kind]),
      [
        ["self", null],
        [release, "profile"],
      ],
    );
  });

  it("says what is asked of whom, in the order of a verification", () => {
    assert.deepEqual(
      explain("registry.example.com/shop").asked.map(({ whom }) => whom),
      [
        "registry.example.com, without a login",
        `${ownRegistry}, with a token of ECR`,
        "AWS Signer in the region of self",
        `AWS Signer in ${region}`,
        `ECR in ${region}`,
      ],
    );
    assert.deepEqual(
      explain("ghcr.io/team/tool").asked.map(({ whom }) => whom),
      [`ghcr.io, with the login in ${SECRET}`, `AWS Signer in ${region}`],
    );
  });

  it("asks nobody where the document decides", () => {
    for (const image of ["nginx", "registry.example.com/vendor", "registry.example.com/other", "A B"]) {
      assert.deepEqual(explain(image).asked, [], image);
    }
  });

  it("names the listed name of a registry that is given by another one", () => {
    const { code, registry } = explain(`${DUAL_STACK}/team/app`);

    assert.deepEqual([code, registry?.listed, registry?.otherNames], ["registry-not-allowed", false, [ownRegistry]]);
  });

  const exemptions: readonly (readonly [string, string | null, number, RegExp | null])[] = [
    [`public.ecr.aws/vendor/agent@${digest}`, "exempted", 289, null],
    [`public.ecr.aws/vendor/agent@${OTHER}`, "registry-not-allowed", 289, /for another digest/],
    ["public.ecr.aws/vendor/agent:1", "registry-not-allowed", 289, /the reference has none/],
    [`${ownRegistry}/old`, "no-applicable-statement", -14, /has expired/],
    ["registry.example.com/vendor:1", "exempted", 0, null],
  ];
  for (const [image, code, days, misses] of exemptions) {
    it(`says of an exemption whether it matches ${image}, and until when`, () => {
      const found = explain(image);

      const [only, ...others] = found.exemptions;
      assert.deepEqual([found.code, only?.daysLeft, others.length], [code, days, 0]);
      if (misses === null) assert.equal(only?.misses, null);
      else assert.match(only?.misses ?? "", misses);
    });
  }

  it("decides as the judge does, which verifies only what is not decided", async () => {
    const { judge, requests } = judgeWith({ trust: placed.trust });
    const images = [
      "A B",
      "nginx",
      `${ownRegistry}/other`,
      `${ownRegistry}/old`,
      `${ownRegistry}/team/app:1`,
      "registry.example.com/vendor:1",
      `public.ecr.aws/vendor/agent@${digest}`,
      `public.ecr.aws/vendor/agent@${OTHER}`,
      `${DUAL_STACK}/team/app`,
    ];
    for (const image of images) {
      const verified = requests.length;
      const verdict = await judge(subject(image));

      if (requests.length > verified) assert.equal(explain(image).code, null, image);
      else assert.equal(explain(image).code, verdict.code, image);
    }
    assert.ok(requests.length > 0);
  });
});

describe("the command trust explain", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "explain-"));
    await writeFile(join(folder, "trust.yaml"), JSON.stringify({ ...VALUE, exemptions: [] }));
    const config = { "aws:region": region, "ecs-image-verification:mode": "audit" };
    const trust = { registries: ["self"], statements: [statement({ identities: ["stack:signing"] })] };
    const stack = { config: { ...config, "ecs-image-verification:trust": trust } };
    await writeFile(join(folder, "Pulumi.dev.yaml"), JSON.stringify(stack));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const run = (...words: readonly string[]) =>
    callHere(folder, "trust", "explain", ...words, "--account", account, "--region", region);

  it("prints paragraphs, and ends with 0 where signatures decide", async () => {
    const { code, stdout, stderr } = await run("ghcr.io/team/tool:2", "--trust", "trust.yaml");

    assert.equal(
      stdout,
      `ghcr.io/team/tool:2
  verdict    its signatures decide
  registry   ghcr.io is listed; asked with the login in ${SECRET}
  exemption  none for this repository
  statement  ghcr, by ghcr.io/team/tool
  1 of       ${release} (any version)
  scopes     ghcr.io/team/tool
  is asked   ghcr.io, with the login in ${SECRET}: the image, and the signatures beside it
             AWS Signer in eu-west-1: whether a signature by one of the profiles is revoked
`,
    );
    assert.deepEqual([code, stderr], [0, ""]);
  });

  it("prints a line of JSON for each image, and ends with 1 where one is denied in any case", async () => {
    const { code, stdout } = await run("ghcr.io/team/tool", "nginx", "--trust", "trust.yaml", "--json");

    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map((line) => [line.image, line.code]),
      [
        ["ghcr.io/team/tool:latest", null],
        ["docker.io/library/nginx:latest", "registry-not-allowed"],
      ],
    );
    assert.equal(code, 1);
  });

  it("takes a stack's file, with identities that only Pulumi knows", async () => {
    const { code, stdout } = await run(`${ownRegistry}/app`, "--trust", "Pulumi.dev.yaml");

    assert.match(stdout, /1 of {7}stack:signing \(no ARN yet\)\n[\s\S]*AWS Signer in the region of stack:signing/);
    assert.equal(code, 0);
  });

  it("shows an image's name from anyone on its line", async () => {
    const { stdout } = await run("ä b", "--trust", "trust.yaml");

    assert.match(
      stdout,
      /^\\u\{e4\} b\n {2}verdict {2}denied, reference-invalid: "\\u\{e4\} b" is not an image reference: it has white space/,
    );
  });
});
