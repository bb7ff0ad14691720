import assert from "node:assert/strict";
import { machineLogins } from "../../../cli/images/verify-credentials";

describe("Docker's logins with --token-server", () => {
  const login = { username: "ci", password: "s3cr3t" };
  const loginAt = machineLogins(
    { tokenServer: "tokens.example.com" },
    new Set(["registry.example.com"]),
    async () => login,
  );

  it("may be sent to it for the registry of the images", async () => {
    assert.deepEqual(await loginAt("registry.example.com"), { ...login, tokenServer: "tokens.example.com" });
  });

  it("are not sent to it for a registry that only has signatures", async () => {
    assert.deepEqual(await loginAt("docker.io"), { ...login, tokenServer: "auth.docker.io" });
    assert.deepEqual(await loginAt("elsewhere.example.com"), login);
  });
});
