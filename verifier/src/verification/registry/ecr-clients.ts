import { ECRClient, type ECRClientConfig } from "@aws-sdk/client-ecr";
import { clientsByRegion } from "./clients-by-region";

/** Creates the source of ECR clients: one per region. */
export function ecrClients(config: Omit<ECRClientConfig, "region"> = {}): (region: string) => ECRClient {
  return clientsByRegion((region) => new ECRClient({ ...config, region }));
}
