import { ECRClient } from "@aws-sdk/client-ecr";
import { parseEcrHost } from "../../trust/partition";
import { ecrCredentials, type RegistryCredentials } from "../../verifier/src/registry/ecr-credentials";

/** Name and password for a private ECR registry, with the AWS credentials of this machine. Valid for twelve hours. */
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
