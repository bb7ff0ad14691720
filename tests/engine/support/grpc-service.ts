import {
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";

/** A gRPC service that listens on a free port of 127.0.0.1. */
export interface GrpcService {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers one request of a service, from the connection `peer`. What it throws becomes the error that the engine shows. The
 * signal is aborted when nobody waits for the answer any more.
 */
export type Answer<Request, Response> = (
  request: Request,
  peer: string,
  unwanted: AbortSignal,
) => Response | Promise<Response>;

export async function serveGrpc(
  definition: ServiceDefinition,
  handlers: UntypedServiceImplementation,
): Promise<GrpcService> {
  // The engine sends whole states of resources, which may be larger than gRPC's 4 MiB.
  const server = new Server({ "grpc.max_receive_message_length": -1 });
  server.addService(definition, handlers);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    port,
    close: async () => server.forceShutdown(),
  };
}

export function unary<Request, Response>(answer: Answer<Request, Response>): handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    const unwanted = new AbortController();
    call.on("cancelled", () => unwanted.abort());
    try {
      callback(null, await answer(call.request, call.getPeer(), unwanted.signal));
    } catch (error) {
      const details = error instanceof Error ? error.message : String(error);
      const metadata = error instanceof Error && "metadata" in error ? error.metadata : undefined;
      callback({ code: status.UNKNOWN, details, ...(metadata instanceof Metadata ? { metadata } : {}) });
    }
  };
}
