import { resolve } from "node:path";
import { type Collected, collectGo } from "./collect-go";

/** One command of the check of the Go modules. If it is `silent`, any output is a failure. */
interface Step {
  readonly module: string;
  readonly args: readonly [command: "go" | "gofmt", ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
  readonly silent?: boolean;
}

const modules = ["verifier/notation", "local/registry", "local/signer-plugin"];
/** The architectures of Lambda functions. */
const architectures = ["amd64", "arm64"];

const steps: readonly Step[] = [
  ...modules.flatMap((module): Step[] => [
    { module, args: ["gofmt", "-l", "."], silent: true },
    { module, args: ["go", "vet", "./..."] },
    { module, args: ["go", "test", "./..."] },
  ]),
  ...architectures.map(
    (GOARCH): Step => ({
      module: "verifier/notation",
      args: ["go", "build", "-o", "/dev/null", "."],
      environment: { GOOS: "linux", GOARCH },
    }),
  ),
];

/** Runs a step. Rejects if its command cannot be started, with code ENOENT if Go is not installed. */
function run({ module, args: [command, ...args], environment }: Step): Promise<Collected> {
  const cwd = resolve(__dirname, "..", module);
  return collectGo(command, args, { cwd, ...(environment === undefined ? {} : { environment }) });
}

function formatStep({ module, args, environment }: Step): string {
  const target = environment === undefined ? "" : ` (${Object.values(environment).join("/")})`;
  return `${module}: ${args.join(" ")}${target}`;
}

async function main(): Promise<number> {
  for (const step of steps) {
    const startedAt = performance.now();
    const { code, output } = await run(step);
    if (code !== 0 || (step.silent && output !== "")) {
      console.error(`failed  ${formatStep(step)}\n${output}`);
      return 1;
    }
    console.log(`ok      ${formatStep(step)} ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  return 0;
}

/** A machine without Go skips the check, but continuous integration must fail. */
function missing(): number {
  const what = "the Go modules: Go is not installed (1.26 or newer, https://go.dev/dl)";
  if (process.env.CI === "true") {
    console.error(`failed  ${what}.`);
    return 1;
  }
  console.log(`skipped ${what}.`);
  return 0;
}

main()
  .catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return missing();
    throw error;
  })
  .then((code) => {
    process.exitCode = code;
  });
