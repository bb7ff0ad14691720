import type { PulumiCommand } from "@pulumi/pulumi/automation";

/**
 * The Pulumi CLI as this command line calls it. On a terminal Ctrl-C reaches every process of the foreground, Pulumi
 * too, which takes a second interrupt for "now, at any price" (it says so itself): it must not be handed on once more.
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

/** Aborts with another signal, unless it does so because of Ctrl-C. */
function withoutInterrupts(signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  signal.addEventListener("abort", () => {
    if (signal.reason !== "SIGINT") controller.abort(signal.reason);
  });
  return controller.signal;
}
