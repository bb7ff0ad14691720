import { stringify } from "yaml";
import type { EnvironmentConfiguration } from "../automation/environments/settings";
import { NAMESPACE } from "../configuration/problem";

/** How long a trusted verdict is kept here, in seconds: the time until a revocation is seen. */
export const VERDICT_TTL_SECONDS = 30;

/** What the stack of an acceptance is configured for. */
export interface StackFile {
  readonly region: string;
  /** Name of the environment: that of the stack. */
  readonly environment: string;
  /** ARN of the only cluster that it watches. */
  readonly cluster: string;
  /** Whether they are told; their secrets are added by Pulumi, encrypted. */
  readonly slack: boolean;
  readonly pagerDuty: boolean;
}

/** The stack's file: as `Pulumi.dev.yaml`, for one cluster, and quick to see a revocation. */
export function stackFileText({ region, environment, cluster, slack, pagerDuty }: StackFile): string {
  const configuration: EnvironmentConfiguration = {
    // Records and tells: nothing of the account is ever stopped by it.
    mode: "audit",
    clusters: [cluster],
    verdictTtlSeconds: VERDICT_TTL_SECONDS,
    trust: { registries: ["self"], statements: [{ name: "release", repositories: ["*"], identities: ["self"] }] },
    signingProfile: { validityMonths: 12 },
    logs: { retentionDays: 1 },
    notifications: { ...(slack ? { slack: {} } : {}), ...(pagerDuty ? { pagerDuty: {} } : {}) },
    sampleWorkload: true,
    forceDelete: true,
    protect: false,
  };
  const own = Object.entries(configuration).map(([key, value]) => [`${NAMESPACE}:${key}`, value]);
  const tags = { project: NAMESPACE, environment };
  const config = { "aws:region": region, "aws:defaultTags": { tags }, ...Object.fromEntries(own) };
  return `# Written by npm run acceptance, which removes it. docs/acceptance.md.\n${stringify({ config })}`;
}
