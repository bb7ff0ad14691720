import { stringify } from "yaml";
import type { EnvironmentConfiguration } from "../configuration/environment-configuration";
import { NAMESPACE } from "../configuration/problem";

/** How long a trusted verdict is cached here, in seconds: until then a revocation may go unnoticed. */
export const VERDICT_TTL_SECONDS = 30;

/** Settings of the stack of an acceptance test. */
export interface StackFile {
  readonly region: string;
  /** Name of the environment: that of the stack. */
  readonly environment: string;
  /** ARN of the only cluster that it watches. */
  readonly cluster: string;
  /** Whether the channels are notified; Pulumi adds their secrets, encrypted. */
  readonly slack: boolean;
  readonly pagerDuty: boolean;
}

/** The stack's file: as `Pulumi.dev.yaml`, for one cluster, and with a short cache to see a revocation quickly. */
export function stackFileText({ region, environment, cluster, slack, pagerDuty }: StackFile): string {
  const configuration: EnvironmentConfiguration = {
    // The detector only records and notifies: it never stops anything in the account.
    mode: "audit",
    clusters: [cluster],
    verdictTtlSeconds: VERDICT_TTL_SECONDS,
    trust: { registries: ["self"], statements: [{ name: "release", repositories: ["*"], identities: ["self"] }] },
    signingProfile: { validityMonths: 12 },
    logs: { retentionDays: 1 },
    notifications: { ...(slack ? { slack: {} } : {}), ...(pagerDuty ? { pagerDuty: {} } : {}) },
    sampleWorkload: true,
    // Attached to nothing but the service that the step gate makes. An account's initial limit leaves nothing to reserve.
    gate: { mode: "enforce", attach: "none", reservedConcurrency: "none" },
    forceDelete: true,
    protect: false,
  };
  const own = Object.entries(configuration).map(([key, value]) => [`${NAMESPACE}:${key}`, value]);
  const tags = { project: NAMESPACE, environment };
  const account = cluster.split(":")[4];
  const aws = { "aws:region": region, "aws:allowedAccountIds": [account], "aws:defaultTags": { tags } };
  const config = { ...aws, ...Object.fromEntries(own) };
  return `# Written by npm run acceptance, which removes it. docs/acceptance.md.\n${stringify({ config })}`;
}
