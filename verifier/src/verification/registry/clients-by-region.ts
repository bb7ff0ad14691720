/** Creates the source of a service's clients: one per region, created on first use and kept. */
export function clientsByRegion<Client>(make: (region: string) => Client): (region: string) => Client {
  const clients = new Map<string, Client>();
  return (region) => {
    const client = clients.get(region) ?? make(region);
    clients.set(region, client);
    return client;
  };
}
