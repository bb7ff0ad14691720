import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { callHere } from "./call-here";

describe("a command that needs the verifier, on a machine without Go", () => {
  const { PATH } = process.env;

  before(() => {
    process.env.PATH = "/no/such/folder";
  });
  after(() => {
    process.env.PATH = PATH;
  });

  it("answers 2, and says what to install", async () => {
    const { code, stdout, stderr } = await callHere(tmpdir(), "inspect", "127.0.0.1:1/app:v1", "--no-revocation");

    assert.match(stderr, /^Go is not installed\. Install Go 1\.26 or newer .*\n$/);
    assert.deepEqual([code, stdout], [2, ""]);
  });
});
