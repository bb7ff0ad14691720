import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import * as z from "zod";

const checkout = resolve(__dirname, "../../..");
const read = (file: string) => readFileSync(join(checkout, file), "utf8");
const workflowFiles = readdirSync(join(checkout, ".github/workflows")).map((name) => `.github/workflows/${name}`);

const stepSchema = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const permissionsSchema = z.record(z.string(), z.string());
/** A job that calls another workflow has that one's steps and limits. */
const callSchema = z
  .strictObject({ uses: z.string().startsWith("./.github/workflows/") })
  .transform((job) => ({ ...job, permissions: undefined, steps: [] }));
const stepsSchema = z.looseObject({
  "timeout-minutes": z.number(),
  permissions: permissionsSchema.optional(),
  steps: z.array(stepSchema),
  needs: z.string().optional(),
});
const jobSchema = z.union([callSchema, stepsSchema]);
const workflowSchema = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions: permissionsSchema,
  jobs: z.record(z.string(), jobSchema),
});
const actionSchema = z.looseObject({
  inputs: z.record(z.string(), z.unknown()),
  outputs: z.record(z.string(), z.looseObject({ value: z.string() })),
  runs: z.looseObject({ steps: z.array(stepSchema) }),
});

/** The rights beyond reading the code that a job may have, each with a reason in its file. */
const MORE_RIGHTS: Readonly<Record<string, readonly string[]>> = {
  ".github/workflows/codeql.yml analyze": ["security-events: write"],
  ".github/workflows/release.yml provenance": ["id-token: write", "attestations: write"],
  ".github/workflows/release.yml npm": ["id-token: write"],
  ".github/workflows/release.yml github": ["contents: write"],
};

/** Of an action that is used: owner/name with a path, a commit, and the version that a comment says the commit is. */
const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

/** What stands behind each `uses:` of a text, with its comment. */
function usesIn(text: string): readonly string[] {
  return [...text.matchAll(/^\s*(?:- )?uses: *(.*?)\s*$/gm)].map(([, used = ""]) => used);
}

describe("the workflows", () => {
  it("are those that the documents speak of", () => {
    assert.deepEqual(workflowFiles.sort(), [
      ".github/workflows/ci.yml",
      ".github/workflows/codeql.yml",
      ".github/workflows/fuzz.yml",
      ".github/workflows/release.yml",
    ]);
  });

  it("run in CI what .ci/run runs", () => {
    const { jobs } = workflowSchema.parse(parse(read(".github/workflows/ci.yml")));
    assert.ok(jobs.test?.steps.some(({ run }) => run === ".ci/run"));
  });

  describe("a release", () => {
    const { on, jobs } = workflowSchema.parse(parse(read(".github/workflows/release.yml")));
    const runsOf = (job: string) => jobs[job]?.steps.flatMap(({ run = [] }) => run) ?? [];

    it("is made of a tag, after all that CI runs", () => {
      assert.deepEqual(on, { push: { tags: ["v*"] } });
      assert.ok("uses" in (jobs.test ?? {}) && jobs.test?.uses === "./.github/workflows/ci.yml");
      const before = Object.entries(jobs).map(([name, job]) => [name, "needs" in job ? job.needs : undefined]);
      assert.deepEqual(before, [
        ["test", undefined],
        ["build", "test"],
        ["provenance", "build"],
        ["npm", "provenance"],
        ["github", "npm"],
      ]);
    });

    it("is published by jobs that run no code of this repository or of its packages", () => {
      const allowed = [
        /^sha256sum --check /,
        /^npm publish \.\/dist\/release\/\S+ .*--ignore-scripts$/,
        /^gh release create /,
      ];

      for (const job of ["provenance", "npm", "github"]) {
        assert.ok(!jobs[job]?.steps.some(({ uses }) => uses?.startsWith("actions/checkout@")), job);
        for (const run of runsOf(job))
          assert.ok(
            allowed.some((one) => one.test(run)),
            run,
          );
      }
    });

    it("has a tag that says the version", () => {
      const script = runsOf("build").find((run) => run.startsWith("test ")) ?? "";
      const { version } = JSON.parse(read("package.json"));
      const check = (tag: string) =>
        spawnSync("bash", ["-c", script], { cwd: checkout, env: { PATH: process.env.PATH, GITHUB_REF_NAME: tag } });

      assert.deepEqual([check(`v${version}`).status, check(version).status, check("v0.0.0").status], [0, 1, 1]);
    });
  });

  for (const file of workflowFiles) {
    describe(file, () => {
      const workflow = workflowSchema.parse(parse(read(file)));
      const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

      it("may read the code and nothing else, but for what a job needs", () => {
        assert.deepEqual(workflow.permissions, { contents: "read" });
        for (const [name, { permissions = {} }] of Object.entries(workflow.jobs)) {
          const more = Object.entries(permissions).map(([right, level]) => `${right}: ${level}`);
          assert.deepEqual(
            more.filter((right) => right !== "contents: read"),
            MORE_RIGHTS[`${file} ${name}`] ?? [],
          );
        }
      });

      it("is not started with the repository's rights by somebody else's code", () => {
        for (const event of ["pull_request_target", "workflow_run", "issue_comment"]) {
          assert.ok(!(event in workflow.on), event);
        }
      });

      it("leaves no token in the checkout", () => {
        const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
        assert.ok(checkouts.length > 0);
        for (const step of checkouts) assert.equal(step.with?.["persist-credentials"], false);
      });
    });
  }
});

describe("the action", () => {
  const action = actionSchema.parse(parse(read("action.yml")));

  it("hands on what its script writes", () => {
    const script = read("build/ci/sign.sh");
    for (const [name, { value }] of Object.entries(action.outputs)) {
      assert.equal(value, `\${{ steps.sign.outputs.${name} }}`);
      assert.ok(script.includes(`${name}=\${`), name);
    }
  });

  it("has the inputs that docs/ci.md shows", () => {
    const documented = [...read("docs/ci.md").matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
    assert.deepEqual(documented, [...Object.keys(action.inputs), ...Object.keys(action.outputs)]);
  });
});

describe("actions of others", () => {
  for (const file of [...workflowFiles, "action.yml", "docs/ci.md"]) {
    it(`${file}: each is pinned by a commit, and says its version`, () => {
      const used = usesIn(read(file)).filter((name) => !/^(?:OWNER|\.)\//.test(name));
      assert.ok(used.length > 0);
      assert.deepEqual(
        used.filter((name) => !PINNED.test(name)),
        [],
      );
    });
  }

  it("are the same version everywhere", () => {
    const versions = new Map<string, Set<string>>();
    for (const used of [...workflowFiles, "action.yml", "docs/ci.md"].flatMap((file) => usesIn(read(file)))) {
      const [, name = "", pin = ""] = /^([\w.-]+\/[\w.-]+)[^@]*@(.*)$/.exec(used) ?? [];
      versions.set(name, (versions.get(name) ?? new Set()).add(pin));
    }
    assert.deepEqual(
      [...versions].filter(([, pins]) => pins.size > 1),
      [],
    );
  });
});

describe("scripts of workflows and of the action", () => {
  for (const file of [...workflowFiles, "action.yml"]) {
    it(`${file}: no expression is part of a script, where its value could be commands`, () => {
      const scripts = [...read(file).matchAll(/^\s*(?:- )?run: *(.*)$/gm)].map(([, script = ""]) => script);
      assert.ok(scripts.length > 0 || file.endsWith("codeql.yml"));
      assert.deepEqual(
        scripts.filter((script) => script.includes("${{") || script === "|" || script === ">"),
        [],
      );
    });
  }
});

describe("the configuration of Dependabot", () => {
  it("has every folder with a Go module or a list of Java libraries", () => {
    const { updates } = z
      .looseObject({ updates: z.array(z.looseObject({ directories: z.array(z.string()).optional() })) })
      .parse(parse(read(".github/dependabot.yml")));
    const listed = updates.flatMap(({ directories = [] }) => directories).sort();
    const present = ["local", "tests", "verifier"].flatMap((root) =>
      readdirSync(join(checkout, root), { recursive: true, encoding: "utf8" })
        .filter((name) => /(?:^|\/)(?:go\.mod|pom\.xml)$/.test(name))
        .map((name) => `/${root}/${name.replace(/\/[^/]+$/, "")}`),
    );
    assert.deepEqual(listed, present.sort());
  });
});

describe("forms for issues", () => {
  for (const name of readdirSync(join(checkout, ".github/ISSUE_TEMPLATE"))) {
    it(`${name} is YAML without mistakes`, () => {
      const [document] = parseAllDocuments(read(`.github/ISSUE_TEMPLATE/${name}`));
      assert.deepEqual(document?.errors, []);
    });
  }
});
