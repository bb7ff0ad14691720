import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { localRegistry, notationVerifier, signerPlugin } from "../build/go";
import { locateProgram } from "../build/program";
import type { ResolvedTrustDocument } from "../trust/expand";
import { accessFlags, runNotation } from "../verifier/src/notation/command";
import { writeNotationConfig } from "../verifier/src/notation/config-folder";
import { signatureFactSchema } from "../verifier/src/notation/protocol";
import { type Notation, startNotation } from "../verifier/src/notation/serve";
import { signedSchema, signFailureSchema } from "../verifier/src/notation/sign-protocol";
import { temporaryFolder as folderOfProcess } from "../verifier/src/temporary-folder";
import { makeClosers } from "./closers";
import { startProgram } from "./process";
import { type LocalSigner, startSigner } from "./signer/server";
import { STAND_IN_CREDENTIALS } from "./stand-in-credentials";

/** The executables for verification and signing, built or chosen. */
export interface LocalPrograms {
  readonly verifier: string;
  /** The local Signer plugin, or the one that `SIGNER_PLUGIN` names. */
  readonly plugin: string;
  readonly registry: string;
}

/**
 * Finds the executables, and builds those that are neither prebuilt nor cached. `SIGNER_PLUGIN` replaces the local plugin with
 * another one.
 */
export async function localPrograms(
  env: NodeJS.ProcessEnv = process.env,
  signal?: AbortSignal,
): Promise<LocalPrograms> {
  // One after the other: each build alone uses all cores.
  const verifier = await locateProgram(notationVerifier, signal);
  const plugin = env.SIGNER_PLUGIN || (await locateProgram(signerPlugin, signal));
  const registry = await locateProgram(localRegistry, signal);
  return { verifier, plugin, registry };
}

/** A registry and a Signer on this machine, and the programs that sign and verify with them. */
export interface LocalStack {
  readonly programs: LocalPrograms;
  readonly signer: LocalSigner;
  /** `127.0.0.1:PORT`. */
  readonly registry: string;
  /**
   * The environment for signing and verifying: invented credentials for the stand-in Signer, and no settings of this
   * machine.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** A notation process with the given trust, whose trust store has the stand-in's root. Call `stop` on it. */
  notation(trust: ResolvedTrustDocument): Promise<Notation>;
  /** Signs an image (`registry/repository@digest`) with our `sign` command and the plugin. */
  sign(reference: string, profileArn: string): Promise<SignedImage>;
  /** A folder that is deleted when the stack is closed. */
  temporaryFolder(): Promise<string>;
  close(): Promise<void>;
}

/** The answer of `sign` about the stand-in's signatures: each has all possible values. */
const signedImageSchema = signedSchema.extend({
  signature: signatureFactSchema
    .pick({ digest: true, profileVersion: true, job: true, signingTime: true, expiry: true })
    .required(),
});
const signingAnswerSchema = z.union([signedImageSchema, signFailureSchema]);

/** An image that was signed. */
export type SignedImage = z.infer<typeof signedImageSchema>;

export interface LocalStackOptions {
  /** Default: eu-west-1. */
  readonly region?: string;
  readonly account?: string;
  /** Whether the registry has the referrers API. Default: yes. */
  readonly referrers?: boolean;
  /** Aborts the builds of programs that are not there yet. */
  readonly signal?: AbortSignal;
}

/** Starts a registry and a stand-in Signer on free ports of the loopback interface. */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const { region = "eu-west-1", account = "111122223333", referrers = true, signal } = options;
  const programs = await localPrograms(process.env, signal);
  const { later, close } = makeClosers();
  try {
    const folder = folderOfProcess();
    later(() => folder.remove());
    const signer = await startSigner({ region, account });
    later(() => signer.close());
    const registry = await startProgram(programs.registry, [`--referrers=${referrers}`]);
    later(() => registry.stop());
    return { ...stackOf(programs, signer, registry.address, folder.path), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function stackOf(
  programs: LocalPrograms,
  signer: LocalSigner,
  registry: string,
  folder: string,
): Omit<LocalStack, "close"> {
  const environment = { AWS_REGION: signer.region, ...STAND_IN_CREDENTIALS };

  const temporaryFolder = () => mkdtemp(join(folder, "part-"));
  return {
    programs,
    signer,
    registry,
    environment,
    temporaryFolder,
    async notation(trust) {
      const config = await temporaryFolder();
      await writeNotationConfig(config, trust, [{ name: "root.crt", pem: signer.rootPem }]);
      return startNotation({
        executable: programs.verifier,
        config,
        plugin: programs.plugin,
        environment,
        plainHttp: true,
        signerEndpoint: signer.url,
      });
    },
    async sign(reference, profileArn) {
      const flags = accessFlags({ plugin: programs.plugin, signerEndpoint: signer.url, plainHttp: true });
      const args = ["sign", "--profile", profileArn, ...flags];
      const command = { executable: programs.verifier, args, reference, credentials: undefined, environment };
      const answer = await runNotation(command, signingAnswerSchema);
      if ("error" in answer) throw new Error(`${reference} was not signed: ${answer.error.detail}`);
      return answer;
    },
  };
}
