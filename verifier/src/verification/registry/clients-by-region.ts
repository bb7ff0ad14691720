/** Makes the source of one service's clients: one for each region, made when it is first asked for, and kept. */
export function clientsByRegion<Client>(make: (region: string) => Client): (region: string) => Client {
  const clients = new Map<string, Client>();
  return (region) => {
    const client = clients.get(region) ?? make(region);
    clients.set(region, client);
    return client;
  };
}
