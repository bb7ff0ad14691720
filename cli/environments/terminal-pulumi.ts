import type { PulumiCommand } from "@pulumi/pulumi/automation";

/**
 * The Pulumi CLI as this command line calls it. On a terminal, Ctrl-C reaches every foreground process, Pulumi
 * too. Pulumi treats a second interrupt as "terminate immediately" (its own message says so), so it must not be forwarded.
 */
export function terminalPulumi(pulumi: PulumiCommand, isTerminal = process.stdin.isTTY === true): PulumiCommand {
  if (!isTerminal) return pulumi;
  return new Proxy(pulumi, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (property !== "run" || typeof value !== "function") return value;
      // run(args, cwd, environment, onOutput, onError, signal)
      return (...call: readonly unknown[]) => {
        const [signal] = call.slice(5);
        const handedOn = signal instanceof AbortSignal ? withoutInterrupts(signal) : undefined;
        return value.apply(target, [...call.slice(0, 5), handedOn]);
      };
    },
  });
}

/** Aborts when another signal aborts, unless the cause is Ctrl-C. */
function withoutInterrupts(signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  signal.addEventListener("abort", () => {
    if (signal.reason !== "SIGINT") controller.abort(signal.reason);
  });
  return controller.signal;
}
