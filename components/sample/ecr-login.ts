import { ECRClient } from "@aws-sdk/client-ecr";
import { parseEcrHost } from "../../trust/partition";
import type { RegistryCredentials } from "../../verifier/src/notation/protocol";
import { ecrCredentials } from "../../verifier/src/verification/registry/ecr-credentials";

/** Gets a login for a private ECR registry with the AWS credentials of this machine. It is valid for twelve hours. */
export async function ecrLogin(host: string): Promise<RegistryCredentials> {
  if (parseEcrHost(host) === undefined) throw new Error(`${host} is not a private ECR registry.`);
  const credentialsFor = ecrCredentials({
    registries: [host],
    clientFor: (region) => new ECRClient({ region }),
    now: Date.now,
  });
  const credentials = await credentialsFor(host);
  if (credentials === undefined) throw new Error(`ECR gave no credentials for ${host}.`);
  return credentials;
}

/** The AWS credentials of this machine as environment variables, from any source that the AWS SDK knows. */
export async function awsCredentials(): Promise<Readonly<Record<string, string>>> {
  const client = new ECRClient({});
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
    return {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken ?? "",
    };
  } finally {
    client.destroy();
  }
}
