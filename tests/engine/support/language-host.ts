import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  GetRequiredPackagesResponse,
  type LanguageHandshakeRequest,
  LanguageHandshakeResponse,
  type RunRequest,
  RunResponse,
} from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type GrpcService, serveGrpc, unary } from "./grpc-service";
import { forgetFolders, runsIn } from "./program-folders";
import { fromStruct, type Properties } from "./properties";

/** With this exit code the program says that it has shown its error itself. */
const HAS_SHOWN_ERROR = 32;

/**
 * Serves a language host for Node.js programs, which the engine attaches to with `PULUMI_DEBUG_LANGUAGES=nodejs:PORT`.
 * It starts a program as pulumi-language-nodejs does (its `constructArguments`, `constructConfig` and `parseOptions`):
 * TypeScript unless the project says `typescript: false`, with the project's `nodeargs` and `tsconfig`. It names no
 * packages, so that the engine looks for no plugins.
 *
 * @param env Of the programs, beside what the host sets.
 */
export async function serveLanguageHost(env: NodeJS.ProcessEnv): Promise<GrpcService> {
  let engine = "";

  async function run(request: RunRequest, _: string, unwanted: AbortSignal): Promise<RunResponse> {
    const options = fromStruct(request.getInfo()?.getOptions());
    const folder = request.getInfo()?.getProgramDirectory() ?? "";
    runsIn(request.getStack(), folder);
    const child = spawn(process.execPath, [...nodeArguments(options), ...runArguments(request, folder, engine)], {
      cwd: folder,
      env: { ...env, ...configurationOf(request), ...typescriptOf(options) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    // A program whose engine is gone looks for it without end, and fills the memory.
    unwanted.addEventListener("abort", () => child.kill("SIGKILL"));
    const [code] = await once(child, "close");
    const response = new RunResponse();
    if (code === 0) return response;
    if (code === HAS_SHOWN_ERROR) return response.setBail(true);
    return response.setError(`Program exited with non-zero exit code: ${code}\n${output}`);
  }

  const service = await serveGrpc(LanguageRuntimeService, {
    handshake: unary((request: LanguageHandshakeRequest) => {
      engine = request.getEngineAddress();
      return new LanguageHandshakeResponse();
    }),
    getPluginInfo: unary(() => new PluginInfo().setVersion("3.259.0")),
    getRequiredPackages: unary(() => new GetRequiredPackagesResponse()),
    run: unary(run),
    cancel: unary(() => new Empty()),
  });
  return {
    ...service,
    async close() {
      forgetFolders();
      await service.close();
    },
  };
}

function nodeArguments({ nodeargs }: Properties): string[] {
  return typeof nodeargs === "string" ? nodeargs.split(" ").filter(Boolean) : [];
}

function typescriptOf({ typescript, tsconfig }: Properties): NodeJS.ProcessEnv {
  return {
    ...(typescript === false ? {} : { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(typeof tsconfig === "string" ? { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig } : {}),
  };
}

function runArguments(request: RunRequest, folder: string, engine: string): string[] {
  const flags = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": request.getInfo()?.getRootDirectory() ?? "",
    stack: request.getStack(),
    pwd: folder,
    parallel: String(request.getParallel()),
  };
  const given = Object.entries(flags).filter(([, value]) => value !== "");
  return [
    createRequire(join(folder, "index.js")).resolve("@pulumi/pulumi/cmd/run"),
    ...given.flatMap(([name, value]) => [`--${name}`, value]),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    request.getInfo()?.getEntryPoint() ?? ".",
    ...request.getArgsList(),
  ];
}

/** The SDK still reads keys in the old form, `project:config:key`. */
function configurationOf(request: RunRequest): NodeJS.ProcessEnv {
  const configuration: Record<string, string> = {};
  for (const [key, value] of request.getConfigMap().toArray()) configuration[key.replace(":", ":config:")] = value;
  return {
    PULUMI_CONFIG: JSON.stringify(configuration),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}
