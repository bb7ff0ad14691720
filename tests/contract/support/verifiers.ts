import type { LocalStack } from "../../../local/stack";
import type { ResolvedTrustDocument } from "../../../trust";
import { writeNotationConfig } from "../../../verifier/src/notation/config-folder";
import { type Notation, startNotation } from "../../../verifier/src/notation/serve";
import { type NotationCli, notationCliWith } from "./notation-cli";

export interface VerifierSettings {
  /** A ready configuration folder. Default: one made of the trust document. */
  readonly config?: string;
  /** Default: the plugin of the stack. */
  readonly plugin?: string;
  /** The whole environment. Default: that of the stack. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Default: the stack's Signer. */
  readonly signerEndpoint?: string;
}

/** Our process and the Notation CLI, with one configuration. */
export interface Verifiers {
  readonly config: string;
  readonly notation: Notation;
  readonly cli: NotationCli;
  /** Requests that have reached the stand-in Signer so far. */
  signerCalls(): number;
}

/** Starts our process, to be stopped, and prepares the CLI. */
export async function startVerifiers(
  stack: LocalStack,
  trust: ResolvedTrustDocument,
  settings: VerifierSettings = {},
): Promise<Verifiers> {
  const config = settings.config ?? (await configFolder(stack, trust));
  const {
    plugin = stack.programs.plugin,
    environment = stack.environment,
    signerEndpoint = stack.signer.url,
  } = settings;
  const executable = stack.programs.verifier;
  return {
    config,
    notation: startNotation({ executable, config, plugin, environment, signerEndpoint, plainHttp: true }),
    cli: await notationCliWith({ config, folder: await stack.temporaryFolder(), plugin, environment, signerEndpoint }),
    signerCalls: () => stack.signer.requests.length,
  };
}

/** A good configuration folder, for a test to spoil. */
export async function configFolder(stack: LocalStack, trust: ResolvedTrustDocument): Promise<string> {
  const folder = await stack.temporaryFolder();
  await writeNotationConfig(folder, trust, [{ name: "root.crt", pem: stack.signer.rootPem }]);
  return folder;
}
