import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { STEPS } from "../../../acceptance/steps";

const CHECKOUT = resolve(__dirname, "../../..");
const PAGE = "docs/assumptions.md";
/** Folders, from the checkout on, without marks of ours: of others, made, or tests. */
const LEFT = new Set(["node_modules", "tests", "dist", "lib", ".git", ".ecs-image-verification", "verifier/dist"]);
const MARKED = /\.(?:ts|go|md)$|^Dockerfile$/;

interface Entry {
  readonly id: string;
  /** Paths from the checkout on. */
  readonly files: readonly string[];
  readonly wrong: string;
  /** Ids of steps of the acceptance. */
  readonly steps: readonly string[];
}

function marks(folder = CHECKOUT): readonly { readonly file: string; readonly id: string | undefined }[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return LEFT.has(relative(CHECKOUT, path)) ? [] : marks(path);
    const file = relative(CHECKOUT, path);
    return MARKED.test(entry.name) && file !== PAGE ? marksIn(file, readFileSync(path, "utf8")) : [];
  });
}

/** The word may stand at the end of a line, with the id in the next one. */
function marksIn(file: string, text: string) {
  return [...text.matchAll(/\binferred\b(?:\s+(?:\/\/|\*)?\s*\(([a-z0-9-]+)\))?/gi)].map(([, id]) => ({ file, id }));
}

function entries(): readonly Entry[] {
  const text = readFileSync(join(CHECKOUT, PAGE), "utf8");
  return [...text.matchAll(/^\| `([a-z0-9-]+)` \|(.*)\|$/gm)].map(([, id = "", row = ""]) => {
    const [, where = "", wrong = "", settled = ""] = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return {
      id,
      wrong,
      files: [...where.matchAll(/\]\(([^)]+)\)/g)].map(([, path = ""]) => join("docs", path)),
      steps: [...settled.matchAll(/`([a-z-]+)`/g)].map(([, step = ""]) => step),
    };
  });
}

describe("docs/assumptions.md", () => {
  const [found, listed] = [marks(), entries()];

  it("has a row for every mark, and every mark names its row", () => {
    const ids = new Set(listed.map(({ id }) => id));
    const lost = found.filter(({ id }) => id === undefined || !ids.has(id));

    assert.deepEqual(lost, [], `Write "inferred (<id>)", and a row with this id into ${PAGE}.`);
  });

  it("names in each row exactly the files with its mark", () => {
    for (const { id, files } of listed) {
      const marked = found.filter((mark) => mark.id === id).map(({ file }) => file);

      assert.deepEqual([...files].sort(), [...new Set(marked)].sort(), id);
      assert.ok(files.length > 0, `${id} is marked nowhere.`);
    }
  });

  it("says what happens if it is wrong, once for each", () => {
    assert.equal(new Set(listed.map(({ id }) => id)).size, listed.length);
    for (const { id, wrong } of listed) assert.notEqual(wrong, "", id);
  });

  it("names for each the steps of the acceptance that settle it", () => {
    const settles = (id: string) => STEPS.filter((step) => step.settles.includes(id)).map((step) => step.id);

    for (const { id, steps } of listed) assert.deepEqual(steps, settles(id), id);
    const ids = listed.map(({ id }) => id);
    for (const step of STEPS) for (const id of step.settles) assert.ok(ids.includes(id), `${step.id} settles ${id}.`);
  });

  describe("its reader", () => {
    it("finds marks without an id, in whatever letters, and across lines", () => {
      const ids = marksIn("f", "inferred (one) // Inferred: no\n * inferred\n * (two) and // inferred\n// (three)").map(
        ({ id }) => id,
      );

      assert.deepEqual(ids, ["one", undefined, "two", "three"]);
    });
  });
});
