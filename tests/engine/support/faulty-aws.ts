import { awsPackage } from "./aws-provider";
import type { ProviderPackage } from "./resource-provider";
import type { SnsSubscriptions } from "./sns-subscriptions";

const FUNCTION = "aws:lambda/function:Function";

/** The package `aws`, which refuses to make or change functions, or takes its time, when it is told to. */
export interface FaultyAws {
  readonly provided: ProviderPackage;
  /** From now on functions are refused with this message; undefined for no longer. */
  refuse(message: string | undefined): void;
  /** The next function is made only when it is let go. */
  hold(): Held;
}

export interface Held {
  /** Resolves once the function is asked for. */
  readonly reached: Promise<void>;
  release(): void;
}

/** @param subscriptions Those of SNS, for who looks into them. */
export function faultyAws(subscriptions?: SnsSubscriptions): FaultyAws {
  const provided = awsPackage(subscriptions);
  const kind = provided.kinds[FUNCTION];
  if (kind === undefined) throw new Error(`The stand-in has no ${FUNCTION}.`);
  let refusal: string | undefined;
  let gate: (() => Promise<void>) | undefined;
  return {
    provided: {
      ...provided,
      kinds: {
        ...provided.kinds,
        [FUNCTION]: {
          ...kind,
          async create(resource) {
            const held = gate;
            gate = undefined;
            await held?.();
            if (refusal !== undefined) throw new Error(refusal);
            return kind.create(resource);
          },
          async update(resource, old) {
            if (refusal !== undefined) throw new Error(refusal);
            return (await kind.update?.(resource, old)) ?? {};
          },
        },
      },
    },
    refuse(message) {
      refusal = message;
    },
    hold() {
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const reached = new Promise<void>((resolve) => {
        gate = () => {
          resolve();
          return released;
        };
      });
      return { reached, release: () => release() };
    },
  };
}
