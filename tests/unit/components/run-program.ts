import * as pulumi from "@pulumi/pulumi";
import type { MockCallArgs, MockResourceArgs } from "@pulumi/pulumi/runtime";
import * as runtimeState from "@pulumi/pulumi/runtime/state";
import { answerCall, REGION, stateOf } from "./mock-state";

/** A resource as it was registered. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  /** Without secret wrappers; {@link Registered.secrets} names what had them. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Paths of the inputs that are secrets, such as `registry.password`. */
  readonly secrets: readonly string[];
  readonly custom: boolean;
  /** Name of its provider; undefined for the program's own. */
  readonly provider: string | undefined;
  readonly transforms: readonly pulumi.ResourceTransform[];
}

/** A function of a provider as it was called. */
export interface Called extends Pick<MockCallArgs, "token" | "inputs"> {
  /** Name of the provider; undefined for the program's own. */
  readonly provider: string | undefined;
}

/** What a program did. */
export interface ProgramRun {
  /** In the order of registration, without the stack itself. */
  readonly resources: readonly Registered[];
  readonly calls: readonly Called[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** What the program warned of. */
  readonly warnings: readonly string[];
}

export interface RunOptions {
  /** As `pulumi preview` does it: what AWS makes up is not known yet. */
  readonly preview?: boolean;
  readonly stack?: string;
  /** Configuration by full key, as text. */
  readonly config?: Readonly<Record<string, string>>;
  readonly secretKeys?: readonly string[];
  /** Gets what is registered, also by a program that fails. */
  readonly registered?: Registered[];
  /** States in place of the default ones, by type. */
  readonly states?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What DynamoDB says of tables, by name. Default: what they were made with. */
  readonly tables?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Where ECR says that it is. */
  readonly registryUrl?: string;
}

/** Exported at run time only. */
const { withLocalStorage, getStore } = runtimeState as unknown as {
  readonly withLocalStorage: <Result>(callback: () => Result) => Result;
  readonly getStore: () => { readonly settings: { engine?: LogEngine } };
};

/** The part of the engine that a program needs, of which only the log is of interest here. */
interface LogEngine {
  log(request: { getSeverity(): number; getMessage(): string }, done: () => void): void;
  setRootResource(request: unknown, done: () => void): void;
}
/** Of `LogSeverity` in Pulumi's `engine.proto`. */
const WARNING = 2;

/** Read once, since programs may run side by side. */
const STACK_LIMIT = Error.stackTraceLimit;

const AWS = "pulumi:providers:aws";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Runs a Pulumi program without an engine, apart from all others that run in this process. */
export async function runProgram(program: () => unknown, options: RunOptions = {}): Promise<ProgramRun> {
  const resources = options.registered ?? [];
  const calls: Called[] = [];
  const warnings: string[] = [];
  const { preview = false, stack = "dev", config = {}, secretKeys = [], states = {} } = options;
  const regionOf = (provider: string | undefined) =>
    String(
      resources.find(({ name, type }) => type === AWS && name === provider)?.inputs.region ??
        config["aws:region"] ??
        REGION,
    );
  const mocks: pulumi.runtime.Mocks = {
    newResource(args) {
      resources.push(registered(args));
      const made = states[args.type] ?? (preview ? {} : stateOf(args, regionOf(providerName(args))));
      const state = { ...args.inputs, ...made };
      return { id: preview && args.custom ? undefined : `${args.name}-id`, state };
    },
    call(args) {
      const provider = providerName(args);
      calls.push({ ...args, provider });
      return (
        describeFunction(args, resources, provider) ??
        describeTable(args, resources, options.tables) ??
        answerCall(args, regionOf(provider), options.registryUrl)
      );
    },
  };
  const outputs = await withShortStacks(() =>
    withLocalStorage(async () => {
      pulumi.runtime.setAllConfig(config, [...secretKeys]);
      await pulumi.runtime.setMocks(mocks, "ecs-image-verification", stack, preview, "acme");
      getStore().settings.engine = {
        log(request, done) {
          if (request.getSeverity() === WARNING) warnings.push(request.getMessage());
          done();
        },
        setRootResource: (_, done) => done(),
      };
      const found = await pulumi.runtime.runInPulumiStack(async () => program());
      await pulumi.runtime.disconnect();
      return found;
    }),
  );
  const withoutStack = resources.filter(({ type }) => type !== "pulumi:pulumi:Stack");
  return { resources: withoutStack, calls, outputs: await known(outputs ?? {}), warnings };
}

/**
 * Runs work with the two innermost lines of each stack: Pulumi takes the stack of each of its thousands of promises, and
 * whole ones take more time than all else.
 */
async function withShortStacks<Result>(work: () => Promise<Result>): Promise<Result> {
  Error.stackTraceLimit = 2;
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = STACK_LIMIT;
  }
}

function registered(args: MockResourceArgs): Registered {
  const secrets: string[] = [];
  const inputs = plain(args.inputs, "", secrets);
  return {
    type: args.type,
    name: args.name,
    inputs: typeof inputs === "object" && inputs !== null ? { ...inputs } : {},
    secrets: secrets.sort(),
    custom: args.custom ?? false,
    provider: providerName(args),
    transforms: args.transforms ?? [],
  };
}

/** The name in a reference of a provider, which is its URN and ID; undefined for the one that Pulumi makes by itself. */
function providerName({ provider = "" }: { readonly provider?: string }): string | undefined {
  return /::([^:]+)::[^:]*$/.exec(provider)?.[1];
}

/** Takes secrets out of their wrappers, and says `(unknown)` for what is not known. */
function plain(value: unknown, path: string, secrets: string[]): unknown {
  if (value === UNKNOWN) return "(unknown)";
  if (Array.isArray(value)) return value.map((one, index) => plain(one, `${path}[${index}]`, secrets));
  if (typeof value !== "object" || value === null) return value;
  if ("__pulumiUnknown" in value) return "(unknown)";
  if (SIGNATURE in value && "value" in value) {
    secrets.push(path);
    return plain(value.value, path, secrets);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, plain(one, path === "" ? key : `${path}.${key}`, secrets)]),
  );
}

/** The values of outputs; what is not known in a preview is left out. */
async function known(outputs: pulumi.Inputs): Promise<Readonly<Record<string, unknown>>> {
  const entries = Object.entries(outputs).map(async ([key, value]): Promise<readonly [string, unknown]> => {
    const output = pulumi.output(value) as pulumi.Output<unknown> & {
      readonly promise: () => Promise<unknown>;
      readonly isKnown: Promise<boolean>;
    };
    return [key, (await output.isKnown) ? await output.promise() : undefined];
  });
  return Object.fromEntries((await Promise.all(entries)).filter(([, value]) => value !== undefined));
}

/** The one resource with this name. */
export function named({ resources }: Pick<ProgramRun, "resources">, name: string): Registered {
  const [found, another] = resources.filter((resource) => resource.name === name);
  if (found === undefined || another !== undefined) {
    const names = resources.map((resource) => resource.name).join(", ");
    throw new Error(`Expected one resource ${name}; there are: ${names}`);
  }
  return found;
}

/** The resources with their inputs, by name, in alphabetical order: what a component is expected to make. */
export function children({ resources }: Pick<ProgramRun, "resources">) {
  return resources
    .filter(({ custom }) => custom)
    .map(({ type, name, inputs }) => [name, type, withJson(inputs)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Policies, patterns and the like are JSON in a text; they are compared as what they say. */
function withJson(value: unknown): unknown {
  if (typeof value === "string" && /^[{[]/.test(value)) {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }
  if (Array.isArray(value)) return value.map(withJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withJson(one)]));
}

/** A function as Lambda would describe it in the region of a provider: as it was asked for. */
function describeFunction(
  { token, inputs: asked }: pulumi.runtime.MockCallArgs,
  resources: readonly Registered[],
  place: string | undefined,
): Record<string, unknown> | undefined {
  if (token !== "aws:lambda/getFunction:getFunction") return undefined;
  const made = resources.find(
    ({ type, name, inputs, provider }) =>
      type === "aws:lambda/function:Function" && (inputs.name ?? name) === asked.functionName && provider === place,
  );
  return { reservedConcurrentExecutions: -1, ...made?.inputs };
}

/** What DynamoDB says of a table: what it was made with. */
function describeTable(
  { token, inputs: asked }: pulumi.runtime.MockCallArgs,
  resources: readonly { readonly type: string; readonly name: string; readonly inputs: Record<string, unknown> }[],
  tables: RunOptions["tables"] = {},
): Record<string, unknown> | undefined {
  if (token !== "aws:dynamodb/getTable:getTable") return undefined;
  const found = tables[String(asked.name)];
  if (found !== undefined) return { ...found };
  return resources.find(({ type, name }) => type === "aws:dynamodb/table:Table" && name === asked.name)?.inputs;
}
