import assert from "node:assert/strict";
import fc from "fast-check";
import { applicableStatement, findExemption, isRegistryAllowed, notationTrustPolicy } from "../../../trust";
import { repositoryName } from "../../../trust/reference";
import { digest, exemption, now, statement } from "./documents";
import { resolve } from "./resolved";

const ecrNames = (account: string, region: string) => [
  `${account}.dkr.ecr.${region}.amazonaws.com`,
  `${account}.dkr.ecr-fips.${region}.amazonaws.com`,
  `${account}.dkr-ecr.${region}.on.aws`,
  `${account}.dkr-ecr-fips.${region}.on.aws`,
];
/** Every name of each registry, by registry. */
const registries = [
  ecrNames("111122223333", "eu-west-1"),
  ecrNames("111122223333", "us-east-1"),
  ecrNames("444455556666", "eu-west-1"),
  ["ghcr.io"],
  ["registry.example.com:5000"],
];
const repositories = ["app", "payments", "payments/api"];
const everyName = registries.flat().flatMap((host) => repositories.map((repository) => `${host}/${repository}`));
/** What each name stands for, without asking the code under test. */
const sameImage = (name: string) => {
  const host = name.slice(0, name.indexOf("/"));
  return `${registries.findIndex((names) => names.includes(host))}${name.slice(host.length)}`;
};

// Listed hosts, and names in them, no two of which are one repository; each name has a statement of its own.
const documents = fc
  .tuple(fc.uniqueArray(fc.constantFrom(...registries.flat()), { minLength: 1 }), fc.shuffledSubarray(everyName))
  .map(([hosts, names]) => {
    const listed = names.filter((name) => hosts.includes(name.slice(0, name.indexOf("/"))));
    const exact = listed.filter((name, index) => listed.findIndex((n) => sameImage(n) === sameImage(name)) === index);
    return { hosts, exact };
  });

function resolved({ hosts, exact }: { readonly hosts: readonly string[]; readonly exact: readonly string[] }) {
  const own = exact.map((name, index) => statement({ name: `exact-${index}`, repositories: [name] }));
  return resolve({ registries: hosts, statements: [...own, statement({ name: "others" })] });
}

function referenceOf(name: string) {
  const slash = name.indexOf("/");
  return { registry: name.slice(0, slash), repository: name.slice(slash + 1) };
}

describe("the names of one registry", () => {
  it("lead Notation, which compares letter by letter, and us to the statement that names the repository", () => {
    fc.assert(
      fc.property(documents, fc.constantFrom(...everyName), (written, name) => {
        const trust = resolved(written);
        const reference = referenceOf(name);
        const expected = written.exact.findIndex((exact) => sameImage(exact) === sameImage(name));
        const statementName = expected === -1 ? "others" : `exact-${expected}`;

        assert.equal(applicableStatement(trust, reference)?.name, statementName);
        // A name that is not listed never gets as far as Notation.
        if (!isRegistryAllowed(trust, reference)) return;
        const policies = notationTrustPolicy(trust).trustPolicies;
        const byNotation =
          policies.find(({ registryScopes }) => registryScopes.includes(repositoryName(reference))) ??
          policies.find(({ registryScopes }) => registryScopes.includes("*"));
        assert.equal(byNotation?.name, statementName);
      }),
    );
  });

  it("give Notation no scope twice, for it refuses such a policy", () => {
    fc.assert(
      fc.property(documents, (written) => {
        const scopes = notationTrustPolicy(resolved(written)).trustPolicies.flatMap((policy) => policy.registryScopes);
        assert.deepEqual(scopes, [...new Set(scopes)]);
      }),
    );
  });

  it("do not escape an exemption, nor stretch it to another registry", () => {
    fc.assert(
      fc.property(fc.constantFrom(...everyName), fc.constantFrom(...everyName), fc.boolean(), (image, name, exact) => {
        const trust = resolve({ exemptions: [exemption({ image: exact ? `${image}@${digest}` : image })] });
        const found = findExemption(trust, { ...referenceOf(name), digest }, now);
        assert.equal(found !== undefined, sameImage(image) === sameImage(name));
      }),
    );
  });
});
