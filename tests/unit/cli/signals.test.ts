import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { interruptible } from "../../../cli/lib/interruptible";

const checkout = resolve(__dirname, "../../..");

describe("work that has to clean up after itself", () => {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`is told of ${name}, and whoever listened before listens again`, async () => {
      const before = process.rawListeners(name);
      const exits = process.rawListeners("exit");

      const reason = await interruptible(async (signal) => {
        process.emit(name, name);
        // Else this process would end of it.
        for (const listener of process.rawListeners("exit").slice(exits.length))
          process.off("exit", listener as () => void);
        return signal.reason;
      });

      assert.equal(reason, name);
      assert.deepEqual(process.rawListeners(name), before);
    });
  }
});

describe("the command line as a process", () => {
  // A shell shows the end by SIGHUP as 129.
  const ends = { SIGINT: 130, SIGTERM: 143, SIGHUP: "SIGHUP" };
  for (const [name, end] of Object.entries(ends)) {
    it(`removes its temporary files at ${name}, and ends with ${end}`, () => {
      const script = `
        require("./cli/main.ts").main(["node", "ecs-image-verification", "--version"]).then(() => {
          process.on("exit", () => console.log("removed"));
          process.kill(process.pid, "${name}");
          setInterval(() => {}, 1000);
        });`;

      const { status, signal, stdout } = spawnSync(process.execPath, ["--import", "tsx", "-e", script], {
        cwd: checkout,
        encoding: "utf8",
      });

      assert.match(stdout, /\nremoved\n$/);
      assert.equal(status ?? signal, end);
    });
  }
});
