import assert from "node:assert/strict";
import { parseTokenServer, withTokenServer } from "../../../../cli/registry-logins/token-server";

const LOGIN = { username: "ci", password: "s3cr3t" };

describe("the token server of a login on the command line", () => {
  it("is the one given, else Docker Hub's own, else none", () => {
    assert.deepEqual(withTokenServer("docker.io", LOGIN, undefined), { ...LOGIN, tokenServer: "auth.docker.io" });
    assert.deepEqual(withTokenServer("docker.io", LOGIN, "tokens.example.com"), {
      ...LOGIN,
      tokenServer: "tokens.example.com",
    });
    assert.deepEqual(withTokenServer("ghcr.io", LOGIN, undefined), LOGIN);
  });

  it("is a host", () => {
    assert.equal(parseTokenServer("gitlab.com:8443"), "gitlab.com:8443");
    for (const text of ["https://gitlab.com/jwt/auth", "gitlab.com/jwt", "", "a b", "user@gitlab.com"]) {
      assert.throws(() => parseTokenServer(text), /It must be a host/);
    }
  });
});
