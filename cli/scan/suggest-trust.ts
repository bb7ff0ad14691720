import { toRegistry } from "../../trust/repository-entry";
import { registryKey, repositoryKey } from "../../trust/same-registry";
import { count } from "../lib/count";
import { printable } from "../lib/printable";
import type { SignedImage } from "./read-signers";

import { imageState, profilesOf, type Signer, signersOf } from "./signers";

/** What a suggestion is made for. */
export interface SuggestionPlace {
  /** Accounts whose profiles may be trusted. */
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly now: Date;
}

interface SuggestedStatement {
  readonly name: string;
  readonly repositories: readonly { readonly name: string; readonly images: number }[];
  readonly signers: readonly Signer[];
}

/**
 * A trust document, in YAML, that trusts what valid signatures by profiles of the given accounts cover today: each repository
 * by name, never all of them. Everything else is in comments. Undefined if there is no such signature: a document must trust
 * somebody.
 */
export function suggestTrust(images: readonly SignedImage[], place: SuggestionPlace): string | undefined {
  const own = signersOf(images).filter(({ profile }) => place.accounts.includes(profile.account));
  const statements = suggestStatements(
    images,
    own.filter((signer) => signer.images.valid > 0),
  );
  if (statements.length === 0) return undefined;
  const listed = new Set(statements.flatMap(({ signers }) => signers.map(({ arn }) => arn)));
  const registries = registriesOf(images, statements);
  return [
    ...heading(images, place),
    "registries:",
    ...registries.map((host) => `  - ${JSON.stringify(host)}`),
    "statements:",
    ...statements.flatMap(statementLines),
    ...notListed(own.filter(({ arn }) => !listed.has(arn))),
    ...unknownSigners(signersOf(images).filter(({ profile }) => !place.accounts.includes(profile.account))),
    ...exemptionLines(images.filter((image) => needsExemption(image, listed))),
    "",
  ].join("\n");
}

function heading(images: readonly SignedImage[], { accounts, regions, now }: SuggestionPlace): readonly string[] {
  return [
    `# Suggested by \`ecs-image-verification scan\` at ${now.toISOString()}, from ${count(images.length, "running image")} in ${regions.join(", ")}.`,
    `# It trusts the signing profiles of ${accounts.join(", ")} that have valid signatures on what runs. Read it before you use`,
    "# it: whoever may sign with a profile, or change who may, is trusted. What does not run now is not in it.",
  ];
}

/** Repositories with the same signers share a statement: Notation allows a repository in one statement only. */
function suggestStatements(images: readonly SignedImage[], signers: readonly Signer[]): readonly SuggestedStatement[] {
  const repositories = new Map<string, { readonly name: string; images: number; readonly arns: Set<string> }>();
  for (const image of images) {
    const { repository } = image.group;
    const valid = signers.filter(({ arn }) => profilesOf(image).get(arn) === "valid");
    if (repository === undefined || valid.length === 0) continue;
    const key = repositoryKey(repository);
    const known = repositories.get(key) ?? { name: repository, images: 0, arns: new Set<string>() };
    known.images += 1;
    for (const { arn } of valid) known.arns.add(arn);
    repositories.set(key, known);
  }
  const bySigners = new Map<string, { readonly name: string; readonly images: number }[]>();
  for (const { name, images: number, arns } of repositories.values()) {
    const key = [...arns].sort().join(" ");
    bySigners.set(key, [...(bySigners.get(key) ?? []), { name, images: number }]);
  }
  const names = new Set<string>();
  return [...bySigners].map(([key, some]) => {
    const chosen = signers.filter(({ arn }) => key.split(" ").includes(arn));
    const name = freeName(chosen.map(({ profile }) => profile.name).join("-"), names);
    return { name, repositories: some.sort((one, other) => one.name.localeCompare(other.name)), signers: chosen };
  });
}

/** Names of profiles are names of statements too, but for their length; two accounts may have the same. */
function freeName(wanted: string, taken: Set<string>): string {
  const base = wanted.replace(/^_+/, "").slice(0, 56) || "signed";
  let name = base;
  for (let number = 2; taken.has(name); number += 1) name = `${base}-${number}`;
  taken.add(name);
  return name;
}

/** All names under which the repositories run: each spelling of a registry must be listed to be allowed. */
function registriesOf(images: readonly SignedImage[], statements: readonly SuggestedStatement[]): readonly string[] {
  const keys = new Set(statements.flatMap(({ repositories }) => repositories.map(({ name }) => keyOf(name))));
  const hosts = images.flatMap(({ group: { repository } }) =>
    repository !== undefined && keys.has(keyOf(repository)) ? [toRegistry(repository)] : [],
  );
  return [...new Set(hosts)].sort();
}

function keyOf(repository: string): string {
  return registryKey(toRegistry(repository));
}

function statementLines({ name, repositories, signers }: SuggestedStatement): readonly string[] {
  return [
    `  - name: ${JSON.stringify(name)}`,
    "    repositories:",
    ...repositories.map((one) => `      - ${JSON.stringify(one.name)} # ${count(one.images, "signed image")} running`),
    "    identities:",
    ...signers.map(({ arn, images }) => `      - ${JSON.stringify(arn)} # ${signedText(images)}`),
  ];
}

function signedText({ valid, unknown, expired, revoked }: Signer["images"]): string {
  const others = [
    [unknown, "whose revocation is unknown"],
    [expired, "expired"],
    [revoked, "revoked"],
  ] as const;
  const said = others.flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]));
  return [`signs ${count(valid, "running image")}`, ...said].join(", ");
}

function notListed(signers: readonly Signer[]): readonly string[] {
  if (signers.length === 0) return [];
  return [
    "",
    "# Profiles of these accounts without a valid signature on what runs:",
    ...signers.map(({ arn, images }) => `#   ${arn}: ${signedText(images)}`),
  ];
}

function unknownSigners(signers: readonly Signer[]): readonly string[] {
  if (signers.length === 0) return [];
  return [
    "",
    "# UNKNOWN SIGNER: profiles of other accounts. Any AWS customer can sign an image and push the signature where they may",
    "# push. Find out whose account it is before you list one; --account ID takes the profiles of an account into the document.",
    ...signers.map(({ arn, images }) => `#   ${arn}: ${signedText(images)}`),
  ];
}

/** What runs and would be denied by the document. */
function needsExemption(image: SignedImage, listed: ReadonlySet<string>): boolean {
  if (image.group.subject.kind !== "image") return false;
  return ![...profilesOf(image)].some(([arn, state]) => listed.has(arn) && state === "valid");
}

function exemptionLines(images: readonly SignedImage[]): readonly string[] {
  if (images.length === 0) return [];
  return [
    "",
    "# What runs without a valid signature by a profile above, and would be denied. Have it signed, or fill in an exemption for",
    "# a time: who answers for it, why, and its last day (YYYY-MM-DD).",
    "# exemptions:",
    ...images.flatMap(exemption),
  ];
}

function signedState(image: SignedImage): string {
  const state = imageState(image);
  return state === "valid" ? "signed by an UNKNOWN SIGNER" : state;
}

function exemption(image: SignedImage): readonly string[] {
  const { group, digest, problem } = image;
  const runs = `${count(group.containers.length, "container")}, ${signedState(image)}`;
  const why = problem === undefined ? "" : `: ${printable(problem, 200)}`;
  if (group.repository === undefined || digest === undefined) {
    const named = group.subject.kind === "image" ? (group.subject.image ?? "no image") : group.subject.container;
    return [`#   (${printable(named, 300)}: its digest is not known: ${runs}${why})`];
  }
  return [
    `#   - image: ${JSON.stringify(`${group.repository}@${digest}`)} # ${runs}${why}`,
    '#     owner: ""',
    '#     reason: ""',
    '#     expires: ""',
  ];
}
