import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { clientOf } from "../../aws/support/account";
import { type Run, type Running, startNode } from "../../support/running-command";
import { type OnTerminal, startOnTerminal } from "../../support/terminal";
import { cloneOf } from "./clone";
import type { Engine } from "./engine";

const CHECKOUT = resolve(__dirname, "../../..");
const run = promisify(execFile);

/** A checkout in a folder of its own, in which the acceptance is called. */
export interface AcceptanceCheckout {
  readonly folder: string;
  /** Where the programs have their temporary files. */
  readonly temporary: string;
  start(args: readonly string[], environment?: Readonly<Record<string, string>>): Running;
  /** The same by npm on a terminal, as a person does. */
  onTerminal(args: readonly string[]): OnTerminal;
  /** Runs a line of the shell in the folder. */
  run(line: string): Promise<Run>;
  /** Ends what still runs, too. */
  remove(): Promise<void>;
}

export interface AcceptanceCheckoutOptions {
  readonly engine: Engine;
  /** `127.0.0.1:PORT` of moto. */
  readonly aws: string;
  /** URLs of the stand-ins for single services. */
  readonly signer: string;
  readonly sns: string;
  readonly ecs: string;
}

/**
 * Makes a git repository with what stands in this checkout, also if it is not committed. `npm`, which would fetch the packages of
 * the second clone, gives it those of this checkout, and does what the variable ALSO_IN_CLONE says.
 */
export async function acceptanceCheckout({
  engine,
  aws,
  signer,
  sns,
  ecs,
}: AcceptanceCheckoutOptions): Promise<AcceptanceCheckout> {
  const root = await mkdtemp(join(tmpdir(), "acceptance-checkout-"));
  const folder = join(root, "checkout");
  const bin = join(root, "bin");
  await cloneOf(CHECKOUT, folder, 0o022);
  await chmod(join(folder, "bin/ecs-image-verification"), 0o755);
  const git = (...args: readonly string[]) => run("git", ["-C", folder, ...args]);
  await git("init", "--quiet");
  // The link to the packages is no folder, which is what .gitignore names.
  await writeFile(join(folder, ".git/info/exclude"), "node_modules\n");
  await git("add", "--all");
  await git("-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message", "All");
  await mkdir(bin);
  const temporary = join(root, "tmp");
  await mkdir(temporary);
  await writeFile(
    join(bin, "npm"),
    `#!/bin/sh\nln -s '${CHECKOUT}/node_modules' node_modules\neval "$ALSO_IN_CLONE"\n`,
    { mode: 0o755 },
  );
  await symlink(join(engine.root, "bin/pulumi"), join(bin, "pulumi"));
  const { endpoint, credentials, region } = clientOf(aws);
  const environment = {
    ...engine.variables,
    PATH: [bin, engine.variables.PATH].join(delimiter),
    AWS_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_SIGNER: signer,
    AWS_ENDPOINT_URL_SNS: sns,
    AWS_ENDPOINT_URL_ECS: ecs,
    TMPDIR: temporary,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  const npm = (await run("which", ["npm"])).stdout.trim();
  const running = new Set<Running>();
  return {
    folder,
    temporary,
    start(args, more = {}) {
      const program = ["--import", "tsx", "acceptance/main.ts", ...args];
      const started = startNode(program, { ...environment, ...more }, folder);
      running.add(started);
      void started.ended.then(() => running.delete(started));
      return started;
    },
    onTerminal: (args) => startOnTerminal([npm, "--prefix", folder, "run", "acceptance", "--", ...args], environment),
    run: (line) =>
      new Promise((done) => {
        execFile("bash", ["-ec", line], { cwd: folder, env: environment }, (error, stdout, stderr) =>
          done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
        );
      }),
    async remove() {
      // What it has started ends with it only in this way.
      for (const one of running) one.signal("SIGINT");
      await Promise.all([...running].map(({ ended }) => ended));
      await rm(root, { recursive: true, force: true });
    },
  };
}
