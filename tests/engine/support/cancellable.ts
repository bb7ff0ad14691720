import type { Answer } from "./grpc-service";

/** It is the engine's Cancel that ends the work here. */
const NEVER = new AbortController().signal;

/** Work that can be cancelled, for each connection apart: several engines use one stand-in at the same time. */
export interface Cancellable {
  /** The same answer, which fails as soon as its connection cancels. */
  of<Request, Response>(answer: Answer<Request, Response>): (request: Request, peer: string) => Promise<Response>;
  /** Fails all that is under way for a connection. */
  cancel(peer: string): void;
}

/**
 * What a provider does when the engine cancels, which it does at the first Ctrl-C. The bridged providers cancel the context
 * of each call under way (SignalCancellation of pulumi-terraform-bridge), and the AWS SDK then fails with this text; command
 * kills what runs. Nobody waits for the end of what had been begun.
 */
export function cancellable(): Cancellable {
  const underWay = new Map<string, Set<(error: Error) => void>>();
  return {
    of: (answer) => async (request, peer) => {
      const work = underWay.get(peer) ?? new Set();
      underWay.set(peer, work);
      let fail: (error: Error) => void = () => {};
      const cancelled = new Promise<never>((_, reject) => {
        fail = reject;
      });
      work.add(fail);
      try {
        return await Promise.race([answer(request, peer, NEVER), cancelled]);
      } finally {
        work.delete(fail);
      }
    },
    cancel(peer) {
      for (const fail of underWay.get(peer) ?? []) fail(new Error("request canceled, context canceled"));
    },
  };
}
