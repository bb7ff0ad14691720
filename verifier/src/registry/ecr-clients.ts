import { ECRClient, type ECRClientConfig } from "@aws-sdk/client-ecr";

/** Makes the source of ECR clients: one for each region, made when it is first asked for, and kept. */
export function ecrClients(config: Omit<ECRClientConfig, "region"> = {}): (region: string) => ECRClient {
  const clients = new Map<string, ECRClient>();
  return (region) => {
    const client = clients.get(region) ?? new ECRClient({ ...config, region });
    clients.set(region, client);
    return client;
  };
}
