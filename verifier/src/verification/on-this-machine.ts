import { resolve } from "node:path";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { ResolvedTrustDocument } from "../../../trust/expand";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import { type RootCertificate, writeNotationConfig } from "../notation/config-folder";
import { allowedEnvironment, OPERATOR_VARIABLES } from "../notation/environment";
import { startNotation } from "../notation/serve";
import { temporaryFolder } from "../temporary-folder";
import { createJudge, type Judge } from "./judge";
import { chooseCredentials, type GivenCredentials } from "./registry/choose-credentials";
import { clientsByRegion } from "./registry/clients-by-region";
import { ecrClients } from "./registry/ecr-clients";
import type { CredentialsFor } from "./registry/ecr-credentials";
import { askManagedSigning } from "./registry/managed-signing";
import { registryCredentials } from "./registry/registry-credentials";
import { referenceSubject } from "./subject";
import type { Verdict } from "./verdict";
import { verdictCache } from "./verdict-cache";

export interface VerificationSettings {
  readonly trust: ResolvedTrustDocument;
  readonly roots: readonly RootCertificate[];
  /** The AWS Signer plugin's executable. */
  readonly plugin: string;
  /** The notation process's executable. */
  readonly executable: string;
  /** Time limit per image, in milliseconds. */
  readonly timeoutMs: number;
  readonly plainHttp: boolean;
  readonly signerEndpoint?: string;
  /** For one registry; take precedence over all others. */
  readonly credentials?: GivenCredentials;
  /** The logins of this machine, for registries to which neither AWS nor the trust document has one. */
  readonly machineLogins?: CredentialsFor;
  /** What stands around the judge, such as the orders of an environment. Default: nothing. */
  readonly around?: (judge: Judge) => Judge;
}

/** Verifies images from an operator's machine. */
export interface Verification {
  readonly judge: Judge;
  verify(reference: string): Promise<Verdict>;
  /** Ends the notation process and deletes its configuration. */
  stop(): Promise<void>;
}

/** Starts a verification with the credentials of the current user. */
export async function startVerification(settings: VerificationSettings): Promise<Verification> {
  const { trust, executable, plugin, plainHttp, signerEndpoint } = settings;
  const config = temporaryFolder();
  await writeNotationConfig(config.path, trust, settings.roots);
  const notation = startNotation({
    executable,
    config: config.path,
    plugin: resolve(plugin),
    environment: { ...allowedEnvironment(process.env, OPERATOR_VARIABLES), AWS_REGION: trust.region },
    plainHttp,
    ...withoutUndefined({ signerEndpoint }),
  });
  const ecr = ecrClients();
  const { around = (one: Judge) => one } = settings;
  const judge = around(
    createJudge({
      trust,
      notation,
      credentialsFor: credentialsOf(settings, ecr),
      askManagedSigning: askManagedSigning(ecr),
      cache: verdictCache({ trustedTtlMs: 0, deniedTtlMs: 0, max: 1, now: Date.now }),
      now: Date.now,
      deadlineMs: settings.timeoutMs,
    }),
  );
  return {
    judge,
    verify: (reference) => judge(referenceSubject(reference)),
    async stop() {
      await notation.stop();
      config.remove();
    },
  };
}

function credentialsOf(settings: VerificationSettings, ecr: ReturnType<typeof ecrClients>): CredentialsFor {
  const { trust, credentials: given, machineLogins: fromMachine } = settings;
  const secrets = clientsByRegion((region) => new SecretsManagerClient({ region }));
  const fromTrust = registryCredentials({ trust, ecr, secrets, now: Date.now });
  return chooseCredentials({ trust, given, fromTrust, fromMachine });
}
