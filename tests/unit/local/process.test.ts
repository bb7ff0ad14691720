import assert from "node:assert/strict";
import { type RunningProgram, startProgram } from "../../../local/process";

const ready = `console.log('{"ready":true,"address":"127.0.0.1:1"}');`;

function start(script: string, options: Parameters<typeof startProgram>[2] = {}): Promise<RunningProgram> {
  return startProgram(process.execPath, ["-e", script], options);
}

describe("a program of ours", () => {
  it("tells its address, and ends when its input is closed", async () => {
    const program = await start(`${ready} process.stdin.resume();`);

    await program.stop();

    assert.equal(program.address, "127.0.0.1:1");
    await program.stop();
  });

  it("gets the environment that it is given and no other", async () => {
    const address = "JSON.stringify([process.env.GIVEN, process.env.HOME ?? null])";
    const program = await start(`console.log(JSON.stringify({ ready: true, address: ${address} }))`, {
      env: { GIVEN: "yes" },
    });

    await program.stop();

    assert.deepEqual(JSON.parse(program.address), ["yes", null]);
  });

  it("is stopped even if it does not heed the end of its input", async () => {
    const program = await start(`${ready} setInterval(() => {}, 1000);`);

    await program.stop();
  });

  it("that fails at the start is shown with what it wrote on standard error", async () => {
    await assert.rejects(start("console.error('no trust store in /x'); process.exit(3)"), (error: Error) => {
      assert.match(
        error.message,
        /did not start: it ended with exit code 3\. Its standard error:\nno trust store in \/x/,
      );
      return true;
    });
  });

  it("that says something else first is refused", async () => {
    await assert.rejects(
      start("console.log('hello'); setInterval(() => {}, 1000)"),
      /its first line was "hello" instead of/,
    );
  });

  it("that is not ready in time is ended", async () => {
    await assert.rejects(start("setInterval(() => {}, 1000)", { readyWithinMs: 50 }), /it was not ready after 50 ms/);
  });

  it("that does not exist is an error", async () => {
    await assert.rejects(startProgram("/no/such/program", []), /\/no\/such\/program did not start: .*ENOENT/);
  });
});
