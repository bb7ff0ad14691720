import assert from "node:assert/strict";
import { withoutUndefined } from "../../../trust/text/without-undefined";

interface Container {
  readonly name: string;
  readonly kind: "image";
  readonly image?: string;
  readonly size?: number | null;
}

describe("withoutUndefined", () => {
  it("leaves out what is undefined, and nothing else", () => {
    const fields = { name: "", image: undefined, size: null, count: 0, on: false };

    assert.deepEqual(Object.entries(withoutUndefined(fields)), [
      ["name", ""],
      ["size", null],
      ["count", 0],
      ["on", false],
    ]);
    assert.ok("image" in fields);
  });

  it("has types that tell what is always there from what may be missing", () => {
    const container = (image: string | undefined): Container => withoutUndefined({ name: "app", kind: "image", image });

    assert.deepEqual(container("nginx"), { name: "app", kind: "image", image: "nginx" });
    assert.deepEqual(container(undefined), { name: "app", kind: "image" });
    // @ts-expect-error A name that may be missing is none.
    const nameless: Container = withoutUndefined({ name: undefined as string | undefined, kind: "image" });
    assert.deepEqual(nameless, { kind: "image" });
  });
});
