import * as pulumi from "@pulumi/pulumi";
import * as runtimeConfig from "@pulumi/pulumi/runtime/config";
import { isAccountId } from "../trust/partition";
import { asList } from "../trust/unchecked-value";
import { NAMESPACE } from "./problem";
import type { ConfigurationSource } from "./read";

/** The configuration of the running stack, from Pulumi. `account` is that of the AWS credentials in use. */
export function pulumiSource(account: string): ConfigurationSource {
  const prefix = `${NAMESPACE}:`;
  const entries = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  return {
    stack: pulumi.getStack(),
    values: Object.fromEntries(entries.map(([key, value]) => [key.slice(prefix.length), value])),
    secretKeys: new Set(entries.flatMap(([key]) => (isSecret(key) ? [key.slice(prefix.length)] : []))),
    region: new pulumi.Config("aws").get("region"),
    account,
    allowedAccounts: asList(new pulumi.Config("aws").getObject("allowedAccountIds")).map(String).filter(isAccountId),
  };
}

/** `isConfigSecret` is missing in Pulumi's types. If it is missing at run time too, every value counts as a secret. */
function isSecret(key: string): boolean {
  const { isConfigSecret } = runtimeConfig as { readonly isConfigSecret?: (key: string) => boolean };
  return isConfigSecret === undefined || isConfigSecret(key);
}
