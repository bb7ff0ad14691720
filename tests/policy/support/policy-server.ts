import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

const checkoutPack = resolve(__dirname, "../../../policy");

/** Configuration of one policy, as the engine hands it over. */
export interface PolicySettings {
  readonly mandatory?: boolean;
  readonly properties?: Record<string, JavaScriptValue>;
}

/** The policy server of Pulumi with our pack, as the engine talks to it. */
export interface PolicyServer {
  info(): Promise<messages.AnalyzerInfo.AsObject>;
  configure(settings: Readonly<Record<string, PolicySettings>>): Promise<void>;
  analyze(type: string, properties: Record<string, JavaScriptValue>): Promise<messages.AnalyzeDiagnostic.AsObject[]>;
  analyzeStack(type: string): Promise<messages.AnalyzeDiagnostic.AsObject[]>;
  stop(): Promise<void>;
}

/**
 * Starts the server as Pulumi's language host does, without an engine: with the pack's own `@pulumi/pulumi`, and the pack's
 * absolute folder as working directory and last argument (RunPlugin of the real one, 3.259.0). It ends with SIGKILL, as there.
 */
export async function startPolicyServer(
  environment: Readonly<Record<string, string>> = {},
  pack = checkoutPack,
): Promise<PolicyServer> {
  const host = createRequire(join(pack, "package.json")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const child = spawn(process.execPath, [host, "127.0.0.1:1", pack], {
    cwd: pack,
    env: { ...process.env, NODE_OPTIONS: "", ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const port = await Promise.race([
    once(createInterface({ input: child.stdout }), "line").then(([line]) => String(line)),
    exited.then(([code]) => Promise.reject(new Error(`The policy server ended with ${code} before it had a port.`))),
  ]);
  const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const urn = (type: string) => `urn:pulumi:prod::program::${type}::it`;

  return {
    info: async () => {
      return (await call<messages.AnalyzerInfo>((done) => client.getAnalyzerInfo(new Empty(), done))).toObject();
    },
    configure: async (settings) => {
      const request = new messages.ConfigureAnalyzerRequest();
      for (const [name, { mandatory = false, properties = {} }] of Object.entries(settings)) {
        const policy = new messages.PolicyConfig();
        policy.setEnforcementlevel(
          mandatory ? messages.EnforcementLevel.MANDATORY : messages.EnforcementLevel.ADVISORY,
        );
        policy.setProperties(Struct.fromJavaScript(properties));
        request.getPolicyconfigMap().set(name, policy);
      }
      await call((done) => client.configure(request, done));
    },
    analyze: async (type, properties) => {
      const request = new messages.AnalyzeRequest();
      request.setType(type);
      request.setName("it");
      request.setUrn(urn(type));
      request.setProperties(Struct.fromJavaScript(properties));
      request.setOptions(options());
      const response = await call<messages.AnalyzeResponse>((done) => client.analyze(request, done));
      return response.toObject().diagnosticsList;
    },
    analyzeStack: async (type) => {
      const resource = new messages.AnalyzerResource();
      resource.setType(type);
      resource.setName("it");
      resource.setUrn(urn(type));
      resource.setProperties(Struct.fromJavaScript({}));
      resource.setOptions(options());
      const request = new messages.AnalyzeStackRequest();
      request.setResourcesList([resource]);
      const response = await call<messages.AnalyzeResponse>((done) => client.analyzeStack(request, done));
      return response.toObject().diagnosticsList;
    },
    stop: async () => {
      client.close();
      child.kill("SIGKILL");
      await exited;
    },
  };
}

function options(): messages.AnalyzerResourceOptions {
  const given = new messages.AnalyzerResourceOptions();
  // Without them the server takes the engine for an old one.
  given.setCustomtimeouts(new messages.AnalyzerResourceOptions.CustomTimeouts());
  return given;
}

function call<Response>(
  send: (done: (error: ServiceError | null, response: Response) => void) => void,
): Promise<Response> {
  return new Promise((fulfil, reject) => {
    send((error, response) => (error === null ? fulfil(response) : reject(error)));
  });
}
