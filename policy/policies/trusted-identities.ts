import type { ResourceValidationPolicy } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";
import type { Statement } from "../../trust/document";
import { type Identity, isIdentity, parseIdentity } from "../../trust/identity";
import { quote } from "../../trust/quote";
import { listIdentities, toSigner } from "../../trust/signers";
import { carriedTrust, carriesTrust } from "../reading/carried-trust";
import { trustSource } from "../reading/trust-source";
import { PolicyConfigurationError, type PolicyOptions, resourcePolicy } from "../resource-policy";

const name = "trusted-identities";

const account = z.string().regex(/^[0-9]{12}$/, "must be an AWS account: 12 digits");

const config = trustSource.pick({ trust: true, trustFile: true }).extend({
  environments: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        accounts: z.array(account).default([]),
        identities: z
          .array(z.string().refine((text) => isIdentity(text), "must be the ARN of a signing profile"))
          .default([]),
      }),
    )
    .default([])
    .describe("The environments, from lowest to highest, each with the accounts and the identities that sign for it"),
  environment: z.string().optional().describe("Which of them this is; default: the name of the stack"),
  sharedAccounts: z.array(account).default([]).describe("Accounts that sign for every environment"),
});

/** One environment with its signers. */
export interface SigningEnvironment {
  readonly name: string;
  readonly accounts: readonly string[];
  /** Take precedence over the accounts, for environments that share one. */
  readonly identities: readonly string[];
}

export interface TrustOrder {
  /** The lowest first. */
  readonly environments: readonly SigningEnvironment[];
  /** The environment whose trust document is checked. */
  readonly environment: string;
  readonly sharedAccounts: readonly string[];
}

/**
 * What is wrong with the identities that an environment trusts. `self` belongs to the environment and is always valid.
 */
export function misplacedIdentities(statements: readonly Statement[], order: TrustOrder): readonly string[] {
  return statements.flatMap((statement) =>
    listIdentities(statement).flatMap((text) => {
      const problem = text === "self" ? undefined : findProblem(parseIdentity(text), order);
      return problem === undefined ? [] : [`The statement ${quote(statement.name)} trusts ${quote(text)}, ${problem}`];
    }),
  );
}

function findProblem(
  identity: Identity,
  { environments, environment, sharedAccounts }: TrustOrder,
): string | undefined {
  const own = environments.findIndex((candidate) => candidate.name === environment);
  const signsFor = listRanks(identity, environments);
  if (signsFor.length > 0) {
    // An account that two environments share may sign for the higher one: only `identities` can distinguish them.
    const highest = Math.max(...signsFor);
    if (highest >= own) return undefined;
    return `which signs for ${quote(environments[highest]?.name ?? "")}, an environment below ${quote(environment)}. Sign again for ${quote(environment)}, with a profile of its own.`;
  }
  if (sharedAccounts.includes(identity.account)) return undefined;
  return `of the account ${identity.account}, which no environment lists. Remove it, or list the account under ${quote(name)} in the configuration of the policies, in environments or sharedAccounts.`;
}

function listRanks(identity: Identity, environments: readonly SigningEnvironment[]): readonly number[] {
  const ranksWhere = (matches: (environment: SigningEnvironment) => boolean) =>
    environments.flatMap((environment, rank) => (matches(environment) ? [rank] : []));
  const named = ranksWhere(({ identities }) => identities.some((text) => toSigner(text) === toSigner(identity.arn)));
  return named.length > 0 ? named : ranksWhere(({ accounts }) => accounts.includes(identity.account));
}

/** No environment trusts signers of a lower one, or an account that is not listed. */
export function trustedIdentities(options?: PolicyOptions<typeof config>): ResourceValidationPolicy {
  return resourcePolicy(
    {
      name,
      description: "No environment trusts an identity of a lower environment, or of an account that is not listed.",
      severity: "critical",
      remediationSteps:
        "Remove the identity from the trust document, and sign the image with a profile of this environment.",
      enforcementLevel: "mandatory",
      config,
      applies: carriesTrust,
      async check({ environments, environment = pulumi.getStack(), sharedAccounts, ...source }, args, report) {
        const document = await carriedTrust(source, args);
        if (document === undefined) return;
        if (environments.length > 0 && !environments.some((candidate) => candidate.name === environment)) {
          const names = environments.map((candidate) => candidate.name).join(", ");
          throw new PolicyConfigurationError([`environment is ${quote(environment)}, which is not one of ${names}`]);
        }
        const order = { environments, environment, sharedAccounts };
        for (const violation of misplacedIdentities(document.statements, order)) report(violation);
      },
    },
    options,
  );
}
