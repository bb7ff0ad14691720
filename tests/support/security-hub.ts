import assert from "node:assert/strict";
import {
  AccessDeniedException,
  type AwsSecurityFinding,
  type BatchImportFindingsCommand,
  type BatchImportFindingsResponse,
  InvalidAccessException,
  InvalidInputException,
  type SecurityHubClient,
  ThrottlingException,
} from "@aws-sdk/client-securityhub";

/**
 * How Security Hub behaves. `off`: it fails each finding, as its user guide says. `off, as an error`: it refuses the call.
 * `answer lost`: it takes the findings, and the caller does not hear of it.
 */
export type HubState = "on" | "off" | "off, as an error" | "throttled" | "denied" | "answer lost";

/** A Security Hub of the tests, which holds findings to the limits of its API reference. */
export interface TestHub {
  /** What stands for the SDK's client. */
  readonly client: SecurityHubClient;
  /** The findings that it has, by id. */
  readonly findings: ReadonlyMap<string, AwsSecurityFinding>;
  /** Sizes of the batches that arrived. */
  readonly batches: number[];
  behave(state: HubState): void;
  /** Names findings that it does not take: each by itself, or with the whole call. Default: none. */
  refuse(isRefused: (id: string) => boolean, how?: "one" | "call"): void;
  /** Ids of the active findings, sorted. */
  active(): readonly string[];
}

const NOT_SUBSCRIBED = "Account 111122223333 is not subscribed to AWS Security Hub";

const about = (message: string) => ({ $metadata: { httpStatusCode: 400 }, message });

export function testHub(): TestHub {
  const findings = new Map<string, AwsSecurityFinding>();
  const batches: number[] = [];
  let state: HubState = "on";
  let refused: { readonly isRefused: (id: string) => boolean; readonly how: "one" | "call" } | undefined;

  function importAll(batch: readonly AwsSecurityFinding[]): BatchImportFindingsResponse {
    batches.push(batch.length);
    if (state === "off") return failAll(batch, "InvalidAccess", NOT_SUBSCRIBED);
    if (state === "off, as an error") throw new InvalidAccessException(about(NOT_SUBSCRIBED));
    if (state === "denied") throw new AccessDeniedException(about("User is not authorized to perform: it"));
    if (state === "throttled") throw new ThrottlingException(about("Rate exceeded"));
    if (batch.length === 0 || batch.length > 100) throw new InvalidInputException(about("1 to 100 findings"));
    const isBad = ({ Id = "" }: AwsSecurityFinding) => refused?.isRefused(Id) ?? false;
    if (refused?.how === "call" && batch.some(isBad)) throw new InvalidInputException(about("Invalid parameter"));
    const failed = batch.filter(isBad);
    for (const finding of batch) if (!isBad(finding)) take(finding);
    if (state === "answer lost") throw new Error("socket hang up");
    return { ...failAll(failed, "InvalidInput", "Invalid parameter"), SuccessCount: batch.length - failed.length };
  }

  /** An update must be newer than what is there. */
  function take(finding: AwsSecurityFinding): void {
    assertValid(finding);
    const known = findings.get(finding.Id ?? "");
    if (known === undefined || time(known) < time(finding)) findings.set(finding.Id ?? "", finding);
  }

  const send = async ({ input }: BatchImportFindingsCommand) => importAll(input.Findings ?? []);
  return {
    client: { send } as unknown as SecurityHubClient,
    findings,
    batches,
    behave: (next) => {
      state = next;
    },
    refuse: (isRefused, how = "one") => {
      refused = { isRefused, how };
    },
    active: () =>
      [...findings.values()].flatMap(({ Id = "", RecordState }) => (RecordState === "ACTIVE" ? [Id] : [])).sort(),
  };
}

function failAll(batch: readonly AwsSecurityFinding[], ErrorCode: string, ErrorMessage: string) {
  const failed = batch.map(({ Id }) => ({ Id, ErrorCode, ErrorMessage }));
  return { SuccessCount: 0, FailedCount: failed.length, FailedFindings: failed };
}

function time({ UpdatedAt = "" }: AwsSecurityFinding): number {
  return Date.parse(UpdatedAt);
}

/** The limits of AwsSecurityFinding, Recommendation and Resource in the API reference, in bytes, which are at least as strict. */
export function assertValid(finding: AwsSecurityFinding): void {
  const within = (name: string, text: string | undefined, limit: number) => {
    assert.ok(text !== undefined && /\S/.test(text), `${name} is empty`);
    assert.ok(Buffer.byteLength(text) <= limit, `${name} has ${Buffer.byteLength(text)} bytes`);
    assert.ok(text.isWellFormed() && !/[\p{Cc}\p{Cf}]/u.test(text), `${name} has characters that do not belong there`);
  };
  within("Id", finding.Id, 512);
  within("GeneratorId", finding.GeneratorId, 512);
  within("Title", finding.Title, 256);
  within("Description", finding.Description, 1024);
  within("Recommendation", finding.Remediation?.Recommendation?.Text, 512);
  assert.match(finding.AwsAccountId ?? "", /^\d{12}$/);
  assert.match(finding.ProductArn ?? "", /^arn:aws[a-z-]*:securityhub:[a-z0-9-]+:(\d{12}):product\/\1\/default$/);
  const fields = Object.entries(finding.ProductFields ?? {});
  assert.ok(fields.length <= 50);
  for (const [name, value] of fields) {
    within("the name of a product field", name, 128);
    within(`ProductFields ${name}`, value, 2048);
  }
  assert.ok(finding.Resources !== undefined && finding.Resources.length >= 1 && finding.Resources.length <= 32);
  for (const { Id, Type, Region, Details } of finding.Resources) {
    within("Resource Id", Id, 512);
    within("Resource Type", Type, 256);
    within("Resource Region", Region, 16);
    for (const text of leaves(Details)) within(`a detail of ${Type}`, text, 2048);
  }
  assert.ok(Buffer.byteLength(JSON.stringify(finding)) <= 240_000);
  for (const at of [finding.CreatedAt, finding.UpdatedAt]) assert.match(at ?? "", /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
}

function leaves(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(leaves);
}
