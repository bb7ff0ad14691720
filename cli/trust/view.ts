import { X509Certificate } from "node:crypto";
import { actingPolicy, type PolicyStatement, readingPolicy } from "../../components/aws/iam";
import { daysUntil } from "../../trust/calendar-date";
import { ecrRegistries, ecrRepositoryArns, notationTrustPolicy } from "../../trust/derive";
import type { Statement } from "../../trust/document";
import { parseIdentity } from "../../trust/identity";
import { trustStoreName } from "../../trust/partition";
import { self } from "../../trust/registry-entry";
import { listIdentities } from "../../trust/signers";
import type { RootCertificate } from "../../verifier/src/notation/config-folder";
import type { TrustFile } from "./file";
import { knownTrust, type PlacedTrust } from "./resolve";

/** Everything derived from a trust document; unknown or missing values are `null`. */
export type TrustView = ReturnType<typeof trustView>;

/** Placeholder for the resources of a role that depend on something else. */
const ELSEWHERE = "elsewhere";

/** Derives everything from a trust document. `roots` are those of its partition. */
export function trustView(file: TrustFile, placed: PlacedTrust, roots: readonly RootCertificate[], now: Date) {
  const { trust, unknown, configuration } = placed;
  return {
    file: file.file,
    kind: file.kind,
    stack: file.kind === "stack" ? file.stack : null,
    account: placed.account ?? null,
    region: trust.region,
    partition: trust.partition,
    /** Identities without an ARN: `self`, `stack:NAME`. */
    unknown: [...new Set(unknown.values())],
    registries: viewRegistries(placed),
    statements: trust.statements.map((statement) => viewStatement(statement, placed)),
    exemptions: trust.exemptions.map((exemption) => ({ ...exemption, daysLeft: daysUntil(exemption.expires, now) })),
    notationTrustPolicy: unknown.size === 0 ? notationTrustPolicy(trust) : null,
    trustStore: { type: "signingAuthority", name: trustStoreName(trust.partition), roots: roots.map(viewRoot) },
    ecrRepositories: ecrRepositoryArns(trust),
    iam: derivedPermissions(placed),
    launches:
      configuration === undefined ? null : { mode: configuration.mode, clusters: configuration.clusters ?? null },
  };
}

function viewRegistries({ trust, written }: PlacedTrust) {
  const ecr = ecrRegistries(trust);
  const own = written.registries.includes(self);
  return trust.registries.map((host) => {
    const found = ecr.find((registry) => registry.host === host);
    const location = found === undefined ? null : { account: found.account, region: found.region };
    const isSelf = own && location?.account === trust.account && location.region === trust.region;
    return {
      host,
      ecr: location,
      self: isSelf && !written.registries.includes(host),
      login: trust.logins.find((login) => login.host === host) ?? null,
    };
  });
}

/** A statement, with what is known of its identities. */
export function viewStatement(statement: Statement, placed: PlacedTrust) {
  const { name, repositories, require, signaturesFrom, signedAfter, maxAgeDays } = statement;
  const viewed = (identities: readonly string[]) => identities.map((arn) => viewIdentity(arn, placed));
  return {
    name,
    repositories,
    /** All that may count. */
    identities: viewed(listIdentities(statement)),
    /** Where one signature is not enough. */
    require: require?.map(({ identities, atLeast }) => ({ atLeast, identities: viewed(identities) })) ?? null,
    signaturesFrom: signaturesFrom ?? null,
    signedAfter: signedAfter ?? null,
    maxAgeDays: maxAgeDays ?? null,
  };
}

function viewIdentity(arn: string, { unknown }: PlacedTrust) {
  const name = unknown.get(arn);
  if (name !== undefined) return { identity: name, arn: null, kind: null };
  return { identity: arn, arn, kind: parseIdentity(arn).kind };
}

function viewRoot({ name, pem }: RootCertificate) {
  const { subject, validTo, fingerprint256 } = new X509Certificate(pem);
  return {
    file: name,
    subject: subject.split("\n").reverse().join(", "),
    validTo: new Date(validTo).toISOString(),
    sha256: fingerprint256,
  };
}

/** The statements of the verifier function's role, without those that name the stack's own resources. */
function derivedPermissions(placed: PlacedTrust): readonly PolicyStatement[] {
  const { mode = "audit", clusters, findings } = placed.configuration ?? {};
  const permissions = {
    trust: knownTrust(placed),
    mode,
    clusters,
    ledgerArn: ELSEWHERE,
    eventBusArn: ELSEWHERE,
    topicArn: ELSEWHERE,
    failureQueueArn: ELSEWHERE,
    postponedQueueArn: ELSEWHERE,
    logGroupArn: ELSEWHERE,
    environment: "",
    ordersTableArn: ELSEWHERE,
    ordersKeyArn: ELSEWHERE,
    findings,
  };
  const statements = [readingPolicy(permissions), actingPolicy(permissions)].flatMap(({ Statement }) => Statement);
  return statements.filter(
    ({ Resource = [] }) => Resource.length > 0 && !Resource.some((arn) => arn.startsWith(ELSEWHERE)),
  );
}
