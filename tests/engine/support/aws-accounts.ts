import { HalfMade, type Resource, type ResourceKind } from "./resource-kind";

/** The credentials that the CLI and its providers have; a test may change them between two runs. */
export interface Credentials {
  /** The account that they are for. */
  account: string;
}

type Kinds = Readonly<Record<string, ResourceKind>>;

/**
 * The kinds, whose resources are found with credentials for their own account only: in another one a read finds nothing, a
 * removal has nothing to do, and a change fails (what terraform-provider-aws makes of "not found").
 */
export function keptByAccount(kinds: Kinds, credentials: Credentials): Kinds {
  return Object.fromEntries(Object.entries(kinds).map(([type, kind]) => [type, keptIn(type, kind, credentials)]));
}

function keptIn(type: string, kind: ResourceKind, credentials: Credentials): ResourceKind {
  const owners = new Map<string, string>();
  // What a test puts into the state itself belongs to everybody.
  const isHere = (id: string) => (owners.get(id) ?? credentials.account) === credentials.account;
  return {
    ...kind,
    async create(resource) {
      const { account } = credentials;
      const note = (id: string) => owners.set(id, account);
      try {
        const made = await kind.create(resource);
        note(made.id);
        return made;
      } catch (error) {
        if (error instanceof HalfMade) note(error.made.id);
        throw error;
      }
    },
    async update(resource, old) {
      if (!isHere(old.id)) throw new Error(`updating ${type} ${old.id}: not found in ${credentials.account}`);
      return (await kind.update?.(resource, old)) ?? {};
    },
    read(old) {
      if (!isHere(old.id)) return undefined;
      return kind.read === undefined ? {} : kind.read(old);
    },
    async remove(resource: Resource, old) {
      if (isHere(old.id)) await kind.remove?.(resource, old);
    },
  };
}

/**
 * As the provider does when it is configured: nothing is read, made or removed then (`VerifyAccountIDAllowed` of
 * aws-sdk-go-base, in the words of terraform-provider-aws).
 *
 * @param allowed `allowedAccountIds` as the engine passes a list on: JSON.
 * @throws Error if the credentials are for another account.
 */
export function refuseAccount(allowed: unknown, { account }: Credentials): void {
  if (allowed === undefined || allowed === "") return;
  const accounts: unknown = typeof allowed === "string" ? JSON.parse(allowed) : allowed;
  if (!Array.isArray(accounts) || accounts.some((one) => typeof one !== "string")) {
    throw new Error(`allowedAccountIds must be a list of texts, and is ${JSON.stringify(allowed)}`);
  }
  if (accounts.length > 0 && !accounts.includes(account)) throw new Error(`AWS account ID not allowed: ${account}`);
}
