import { randomBytes } from "node:crypto";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  type CheckRequest,
  CheckResponse,
  type ConfigureRequest,
  ConfigureResponse,
  type CreateRequest,
  CreateResponse,
  type DeleteRequest,
  type DiffRequest,
  DiffResponse,
  type InvokeRequest,
  InvokeResponse,
  ProviderHandshakeResponse,
  type ReadRequest,
  ReadResponse,
  type UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import { cancellable } from "./cancellable";
import { type GrpcService, serveGrpc, unary } from "./grpc-service";
import { programFolder } from "./program-folders";
import { differences, fromStruct, isRecord, type Properties, plain, toStruct, UNKNOWN } from "./properties";
import type { ProviderCall } from "./provider-calls";
import { recordedFailure } from "./recorded-failure";
import { HalfMade, type Made, type Resource, type ResourceKind } from "./resource-kind";

/** A package of resources and functions that stands in for a provider plugin. */
export interface ProviderPackage {
  /** As in type tokens: `aws`, `docker`, `command`. */
  readonly name: string;
  /** At least that of the package's SDK, or the engine warns. */
  readonly version: string;
  readonly kinds: Readonly<Record<string, ResourceKind>>;
  readonly functions?: Readonly<Record<string, (args: Properties) => Properties>>;
  /**
   * Whether it comes by the Terraform bridge: an update that fails is recorded as if it had not, a creation that fails after
   * the resource exists is recorded with its id, an update applies only what differs from the state, and a refresh reads what
   * there really is. An update ends in a read as well (the update functions of terraform-provider-aws end in their read
   * functions), also one without a difference, which the engine asks for after an initialisation error and which changes
   * nothing (Update of pulumi-terraform-bridge applies an empty diff). Default: false; what fails is not recorded then, and a refresh gives
   * back what it is given (pulumi-docker's and pulumi-command's Read).
   */
  readonly bridged?: true;
  /**
   * Told the provider's configuration, such as `{region: "eu-west-1"}`, and the environment that a plugin has from the CLI.
   *
   * @throws Error as the provider would refuse it: then nothing of it can be made, read or removed.
   */
  configure?(configuration: Properties, env: NodeJS.ProcessEnv): void | Promise<void>;
}

/** A provider that the engine attaches to with `PULUMI_DEBUG_PROVIDERS=name:port`. */
export interface ResourceProvider extends GrpcService {
  readonly name: string;
  readonly calls: readonly ProviderCall[];
  /** What a resource really is, whatever the state says: the inputs that were applied. */
  applied(type: string, id: string): Properties | undefined;
}

/** The property in which the bridged providers note which inputs they made up themselves. */
const MADE_UP = "__defaults";

/**
 * Serves a package as a provider plugin does: what is computed is unknown in a preview, names are made up unless given, a
 * resource whose given name stays is deleted before it is replaced (as the Terraform bridge has it), secrets stay secrets.
 * What is under way fails when the engine cancels. A type or function that the package does not have is an error.
 */
export async function serveProvider(provided: ProviderPackage, env: NodeJS.ProcessEnv = {}): Promise<ResourceProvider> {
  const calls: ProviderCall[] = [];
  const work = cancellable();
  const applied = new Map<string, Properties>();
  const computed = new Map<string, Properties>();
  const kindOf = (type: string): ResourceKind => {
    const kind = provided.kinds[type];
    if (kind === undefined) throw new Error(notPlayed(provided.name, `resource type ${type}`));
    return kind;
  };
  const apply = (type: string, id: string, changed: Properties) => {
    const inputs = withoutUndefined({ ...applied.get(keyOf(type, id)), ...changed });
    applied.set(keyOf(type, id), inputs);
    kindOf(type).applied?.(id, plain(inputs));
  };
  const note = (type: string, { id, properties }: Made, inputs: Properties) => {
    computed.set(keyOf(type, id), properties);
    apply(type, id, inputs);
  };
  const record = (method: ProviderCall["method"], { type, name, inputs }: Omit<Resource, "folder">, preview = false) =>
    calls.push({ method, type, name, preview, inputs });

  function check(request: CheckRequest): CheckResponse {
    const kind = kindOf(request.getType());
    const inputs = withName(kind, request);
    const own = kind.check?.(resourceOf(request, inputs));
    return new CheckResponse().setInputs(toStruct({ ...inputs, ...own }));
  }

  function diff(request: DiffRequest): DiffResponse {
    const kind = kindOf(request.getType());
    const news = fromStruct(request.getNews());
    const ignored = [MADE_UP, ...request.getIgnorechangesList()];
    const moved = kind.moved?.(plain(fromStruct(request.getOlds()))) ?? [];
    const differing = changes(provided, kind, request).filter((name) => !ignored.includes(name));
    const changed = [...differing, ...moved];
    const replaces = [...differing.filter((name) => kind.replaceOn?.includes(name)), ...moved];
    const { naming } = kind;
    const keepsName = naming !== undefined && !madeUp(news).includes(naming) && !changed.includes(naming);
    return new DiffResponse()
      .setChanges(changed.length === 0 ? DiffResponse.DiffChanges.DIFF_NONE : DiffResponse.DiffChanges.DIFF_SOME)
      .setDiffsList(changed)
      .setReplacesList(replaces)
      .setDeletebeforereplace(replaces.length > 0 && (keepsName || kind.deleteFirst === true));
  }

  async function create(request: CreateRequest): Promise<CreateResponse> {
    const kind = kindOf(request.getType());
    const given = fromStruct(request.getProperties());
    const resource = resourceOf(request, given);
    record("create", resource, request.getPreview());
    if (request.getPreview()) {
      return new CreateResponse().setProperties(toStruct({ ...given, ...unknown(kind.computed) }));
    }
    const { id, properties } = await (async () => kind.create(resource))().catch((error: Error) => {
      if (!(error instanceof HalfMade) || !provided.bridged) throw error;
      const { made, left } = error;
      note(request.getType(), made, Object.fromEntries(Object.entries(given).filter(([name]) => !left.includes(name))));
      const planned = Object.entries(made.properties).filter(([name]) => kind.planned?.includes(name));
      const recorded = { ...given, ...Object.fromEntries(planned) };
      throw recordedFailure({ reason: error.message, id: made.id, inputs: given, properties: recorded });
    });
    note(request.getType(), { id, properties }, given);
    return new CreateResponse().setId(id).setProperties(toStruct({ ...given, ...properties }));
  }

  async function update(request: UpdateRequest, peer: string): Promise<UpdateResponse> {
    const kind = kindOf(request.getType());
    const given = fromStruct(request.getNews());
    const resource = resourceOf(request, given);
    record("update", resource, request.getPreview());
    const old = madeOf(kind, request.getId(), fromStruct(request.getOlds()));
    const recorded = { ...given, ...old.properties };
    if (request.getPreview()) {
      return new UpdateResponse().setProperties(toStruct({ ...recorded, ...unknown(kind.renewed ?? []) }));
    }
    const key = keyOf(request.getType(), old.id);
    // A state that was imported says what there is.
    if (!applied.has(key)) applied.set(key, fromStruct(request.getOldInputs()));
    const changed = changes(provided, kind, request).map((name) => [name, given[name]]);
    const readAfter = (renewed: Properties) => {
      const found = look(kind, request.getType(), old, recorded);
      if (found === undefined)
        throw new Error(`the resource ${old.id} did not exist while updating ${request.getUrn()}`);
      return new UpdateResponse().setProperties(toStruct({ ...found, ...renewed }));
    };
    if (provided.bridged && changed.length === 0) return readAfter({});
    const change = work.of(async () => kind.update?.(resource, old));
    const renewed = await change(request, peer).catch((error: Error) => {
      if (!provided.bridged) throw error;
      const failed = { reason: error.message, id: old.id, inputs: given, properties: recorded };
      throw recordedFailure(failed);
    });
    apply(request.getType(), old.id, Object.fromEntries(changed));
    if (provided.bridged) return readAfter({ ...renewed });
    return new UpdateResponse().setProperties(toStruct({ ...recorded, ...renewed }));
  }

  async function remove(request: DeleteRequest): Promise<Empty> {
    const kind = kindOf(request.getType());
    const resource = resourceOf(request, fromStruct(request.getOldInputs()));
    record("delete", resource);
    await kind.remove?.(resource, madeOf(kind, request.getId(), fromStruct(request.getProperties())));
    applied.delete(keyOf(request.getType(), request.getId()));
    return new Empty();
  }

  function read(request: ReadRequest): ReadResponse {
    const kind = kindOf(request.getType());
    record("read", resourceOf(request, fromStruct(request.getInputs())));
    const state = fromStruct(request.getProperties());
    const found = look(kind, request.getType(), madeOf(kind, request.getId(), state), state);
    if (found === undefined) return new ReadResponse();
    const response = new ReadResponse().setId(request.getId());
    const real = provided.bridged ? applied.get(keyOf(request.getType(), request.getId())) : undefined;
    const inputs = real === undefined ? request.getInputs() : toStruct(real);
    return response.setInputs(inputs).setProperties(toStruct(found));
  }

  /** The properties of what there really is, also those that the state lacks; undefined if it is gone. */
  function look(kind: ResourceKind, type: string, old: Made, state: Properties): Properties | undefined {
    const found = kind.read === undefined ? {} : kind.read(old);
    if (found === undefined) return undefined;
    const real = provided.bridged ? applied.get(keyOf(type, old.id)) : undefined;
    if (real === undefined) return { ...state, ...found };
    return { ...computed.get(keyOf(type, old.id)), ...old.properties, ...real, ...found };
  }

  function invoke(request: InvokeRequest): InvokeResponse {
    const [type, inputs] = [request.getTok(), plain(fromStruct(request.getArgs()))];
    record("invoke", { type, name: "", inputs }, request.getPreview());
    const answer = provided.functions?.[type];
    if (answer === undefined) throw new Error(notPlayed(provided.name, `function ${type}`));
    return new InvokeResponse().setReturn(toStruct(answer(inputs)));
  }

  async function configure(request: ConfigureRequest): Promise<ConfigureResponse> {
    await provided.configure?.(plain(fromStruct(request.getArgs())), env);
    return new ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
  }

  const service = await serveGrpc(ResourceProviderService, {
    handshake: unary(() => new ProviderHandshakeResponse().setAcceptSecrets(true)),
    attach: unary(() => new Empty()),
    checkConfig: unary((request: CheckRequest) => new CheckResponse().setInputs(request.getNews())),
    diffConfig: unary(() => new DiffResponse().setChanges(DiffResponse.DiffChanges.DIFF_NONE)),
    configure: unary(configure),
    check: unary(check),
    diff: unary(diff),
    create: unary(work.of(create)),
    update: unary(update),
    delete: unary(work.of(remove)),
    read: unary(read),
    invoke: unary(invoke),
    getPluginInfo: unary(() => new PluginInfo().setVersion(provided.version)),
    cancel: unary((_: Empty, peer) => {
      work.cancel(peer);
      return new Empty();
    }),
  });
  return { name: provided.name, calls, applied: (type, id) => applied.get(keyOf(type, id)), ...service };
}

function keyOf(type: string, id: string): string {
  return `${type} ${id}`;
}

function notPlayed(provider: string, what: string): string {
  return `The stand-in for the provider ${provider} does not play the ${what}: add it under tests/engine/support.`;
}

/**
 * The inputs that differ from what was. A bridged provider compares with the state, where a change that failed stands as if
 * it had not; the inputs of before are kept by the engine, for others.
 */
function changes(
  { bridged }: ProviderPackage,
  { ignore }: ResourceKind,
  request: DiffRequest | UpdateRequest,
): readonly string[] {
  const inputs = fromStruct(request.getOldInputs());
  const news = fromStruct(request.getNews());
  const state = Object.entries(fromStruct(request.getOlds())).filter(([name]) => name in inputs || name in news);
  const olds = bridged ? Object.fromEntries(state) : inputs;
  return differences(without(olds, ignore), without(news, ignore));
}

/** The inputs with a name: the given one, the one of before, or a new one such as `table-1f2e3d4`. */
function withName({ naming }: ResourceKind, request: CheckRequest): Properties {
  const news = fromStruct(request.getNews());
  if (naming === undefined || news[naming] !== undefined) return news;
  const olds = fromStruct(request.getOlds());
  const prefix = plain(news)[`${naming}Prefix`];
  const start = typeof prefix === "string" ? prefix : `${request.getName()}-`;
  const name = madeUp(olds).includes(naming) ? olds[naming] : start + randomBytes(4).toString("hex").slice(0, 7);
  return { ...news, [naming]: name, [MADE_UP]: [naming] };
}

/** The inputs without marks of secrets, and without what is at the given paths. */
function without(inputs: Properties, paths: readonly string[] = []): Properties {
  return paths.reduce((left, path) => leaveOut(left, path.split(".")), plain(inputs));
}

function leaveOut(value: Properties, [first = "", ...rest]: readonly string[]): Properties {
  const { [first]: found, ...others } = value;
  if (rest.length === 0) return others;
  return isRecord(found) ? { ...others, [first]: leaveOut(found, rest) } : value;
}

function madeUp(inputs: Properties): readonly unknown[] {
  const names = inputs[MADE_UP];
  return Array.isArray(names) ? names : [];
}

interface ResourceRequest {
  getType(): string;
  getName(): string;
  getUrn(): string;
}

function resourceOf(request: ResourceRequest, inputs: Properties): Resource {
  return {
    type: request.getType(),
    name: request.getName(),
    inputs: plain(inputs),
    folder: programFolder(request.getUrn()),
  };
}

function madeOf(kind: ResourceKind, id: string, state: Properties): Made {
  const computed = Object.entries(state).filter(([name]) => kind.computed.includes(name));
  return { id, properties: Object.fromEntries(computed) };
}

function unknown(names: readonly string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, UNKNOWN]));
}
