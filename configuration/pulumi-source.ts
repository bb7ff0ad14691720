import * as pulumi from "@pulumi/pulumi";
import * as runtimeConfig from "@pulumi/pulumi/runtime/config";
import { NAMESPACE } from "./problem";
import type { ConfigurationSource } from "./read";

/** What Pulumi knows of the running stack. `account` is that of the AWS credentials in use. */
export function pulumiSource(account: string): ConfigurationSource {
  const prefix = `${NAMESPACE}:`;
  const entries = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  return {
    stack: pulumi.getStack(),
    values: Object.fromEntries(entries.map(([key, value]) => [key.slice(prefix.length), value])),
    secretKeys: new Set(entries.flatMap(([key]) => (isSecret(key) ? [key.slice(prefix.length)] : []))),
    region: new pulumi.Config("aws").get("region"),
    account,
  };
}

/** Pulumi exports this at run time only. Without it nothing can be told, and nobody is accused. */
function isSecret(key: string): boolean {
  const { isConfigSecret } = runtimeConfig as { readonly isConfigSecret?: (key: string) => boolean };
  return isConfigSecret === undefined || isConfigSecret(key);
}
