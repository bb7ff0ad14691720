import assert from "node:assert/strict";
import { askCredentialHelper } from "../../../../cli/registry-logins/credential-helper";
import { useDockerHome } from "./docker-home";

describe("a credential helper of Docker", () => {
  const home = useDockerHome();
  const ask = (name: string, limitMs?: number) =>
    askCredentialHelper({
      name,
      server: "registry.example.com",
      file: home().file,
      env: home().env,
      ...(limitMs === undefined ? {} : { limitMs }),
    });

  async function assertFails(asked: Promise<unknown>, name: string, why: RegExp): Promise<void> {
    await assert.rejects(asked, (error: Error) => {
      assert.match(error.message, why);
      assert.ok(error.message.includes(`credential helper "${name}"`), error.message);
      assert.ok(error.message.includes(home().file) && error.message.includes("registry.example.com"), error.message);
      assert.match(error.message, /--username.*DOCKER_CONFIG/);
      assert.doesNotMatch(`${error.message} ${error.cause ?? ""}`, /s3cr3t/);
      return true;
    });
  }

  it("gives a login, or none where it has none", async () => {
    await home().helper("good", "process.stdout.write(JSON.stringify({ Username: 'ci', Secret: 's3cr3t' }));");
    await home().helper("empty", "process.stdout.write(JSON.stringify({ Username: '', Secret: '' }));");
    await home().helper("none", "console.log('credentials not found in native keychain'); process.exitCode = 1;");

    assert.deepEqual(await ask("good"), { Username: "ci", Secret: "s3cr3t" });
    assert.equal(await ask("empty"), undefined);
    assert.equal(await ask("none"), undefined);
  });

  it("that fails is named, without what it prints", async () => {
    await home().helper("failing", "console.log('s3cr3t'); console.error('s3cr3t'); process.exitCode = 3;");
    await home().helper("text", "console.log('s3cr3t');");
    await home().helper("other", "console.log(JSON.stringify({ Secret: ['s3cr3t'] }));");
    await home().helper("killed", "console.log('s3cr3t'); process.kill(process.pid, 'SIGKILL');");
    await home().helper("much", "process.stdout.write('s3cr3t'.repeat(100_000));");

    await assertFails(ask("failing"), "failing", /ended with code 3/);
    await assertFails(ask("text"), "text", /did not answer with JSON/);
    await assertFails(ask("other"), "other", /did not answer with JSON/);
    await assertFails(ask("killed"), "killed", /was ended by SIGKILL/);
    await assertFails(ask("much"), "much", /printed more than 64 KiB/);
    await assertFails(ask("not-there"), "not-there", /is not on the PATH/);
  });

  it("is not waited for any longer than its limit, nor for what it has started", async () => {
    await home().helper("slow", "setInterval(() => {}, 1000);");
    await home().helper(
      "parent",
      "require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 3000)'], { stdio: 'inherit' }); setInterval(() => {}, 1000);",
    );
    const startedAt = performance.now();

    await assertFails(ask("slow", 500), "slow", /did not answer within 0\.5 seconds/);
    await assertFails(ask("parent", 500), "parent", /did not answer within 0\.5 seconds/);

    assert.ok(performance.now() - startedAt < 2500);
  });

  it("that leaves a program behind which keeps its output open gives its login all the same", async () => {
    await home().helper(
      "daemon",
      "require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 3000)'], { stdio: 'inherit', detached: true }).unref(); process.stdout.write(JSON.stringify({ Username: 'ci', Secret: 's3cr3t' }), () => process.exit(0));",
    );

    assert.deepEqual(await ask("daemon", 2500), { Username: "ci", Secret: "s3cr3t" });
  });

  it("is found on the PATH alone: a name that is none is refused, and nothing is started", async () => {
    await home().helper("good", "");
    for (const name of [
      "../bin/good",
      "/bin/good",
      "good get",
      "good;id",
      "",
      "g\u00f6\u00f6d",
      "good\n",
      "a.b",
      "$(id)",
    ]) {
      await assert.rejects(
        ask(name),
        /has a name that is none of a credential helper.*Allowed: letters, digits, hyphens and underscores/,
      );
    }
  });
});
