import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

const checkout = resolve(__dirname, "../../..");

/** What judging an image is made of, from the ground up: each may import those before it. */
const VERIFIER = [
  "trust",
  "verifier/src",
  "verifier/src/notation",
  "verifier/src/verification",
  "verifier/src/orders",
  "verifier/src/ecs",
  "verifier/src/reporting",
  "verifier/src/findings",
  "verifier/src/detector",
  "verifier/src/gate",
  "verifier/src/sweep",
  "verifier/src/canary",
] as const;

/** What stands on it: all that the command line may import beside it. */
const PULUMI = [
  "build",
  "components",
  "configuration",
  "automation",
  "automation/environments",
  "automation/operations",
];

/** The parts of the repository, each with those that it may import beside itself. docs/architecture.md draws them. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  build: [],
  ...Object.fromEntries(VERIFIER.map((part, index) => [part, VERIFIER.slice(0, index)])),
  // Beside the gate, not on it.
  "verifier/src/sweep": VERIFIER.slice(0, VERIFIER.indexOf("verifier/src/gate")),
  "verifier/src/canary": VERIFIER.slice(0, VERIFIER.indexOf("verifier/src/detector")),
  "verifier/src/image": ["trust", "verifier/src"],
  "verifier/src/handlers": VERIFIER,
  components: [...VERIFIER, "build"],
  configuration: [...VERIFIER, "components"],
  "automation/environments": [...VERIFIER, "components", "configuration"],
  "automation/operations": VERIFIER,
  automation: ["automation/environments", "automation/operations"],
  plugin: [...VERIFIER, "components"],
  policy: [...VERIFIER, "components", "build"],
  // The playground is a command.
  cli: [...VERIFIER, ...PULUMI, "local"],
  acceptance: ["cli", ...VERIFIER, ...PULUMI],
  local: [...VERIFIER, "build"],
  // The demo writes the page of the command `report`.
  "local/demo": [...VERIFIER, "build", "local", "automation/operations", "cli"],
};

/** The part that a file belongs to: the innermost that has a rule; undefined for the program of the stack. */
function partOf(file: string): string | undefined {
  return Object.keys(MAY_IMPORT)
    .filter((part) => file.startsWith(`${part}/`))
    .sort((one, other) => other.length - one.length)[0];
}

function sources(): readonly string[] {
  const roots = [...new Set(Object.keys(MAY_IMPORT).map((part) => part.split("/")[0] ?? ""))];
  return roots.flatMap((root) =>
    readdirSync(join(checkout, root), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `${root}/${file.split(sep).join("/")}`),
  );
}

/** The files of this repository that a file imports. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(checkout, file), "utf8");
  return [...text.matchAll(/(?:\bfrom |\bimport\(|\brequire\()"(\.[^"]+)"/g)].flatMap(([, path = ""]) => {
    const target = resolve(checkout, dirname(file), path);
    const found = [`${target}.ts`, join(target, "index.ts"), target].find((candidate) => existsSync(candidate));
    return found === undefined ? [] : [relative(checkout, found).split(sep).join("/")];
  });
}

describe("the imports of this repository", () => {
  const files = sources();
  const imports = new Map(files.map((file) => [file, importsOf(file)]));

  it("go in one direction only", () => {
    const offenders = files.flatMap((file) =>
      (imports.get(file) ?? []).flatMap((target) => {
        const [from, to] = [partOf(file), partOf(target)];
        const isAllowed = from === undefined || to === undefined || from === to || MAY_IMPORT[from]?.includes(to);
        return isAllowed ? [] : [`${file} imports ${target}: ${from} may not import ${to}`];
      }),
    );
    assert.deepEqual(offenders, []);
    assert.ok([...imports.values()].flat().length > 1000);
  });

  it("have no circles", () => {
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      const seen = path.indexOf(file);
      assert.equal(seen, -1, [...path.slice(seen), file].join(" -> "));
      if (done.has(file)) return;
      for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });
});
