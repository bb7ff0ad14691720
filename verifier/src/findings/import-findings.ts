import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  type BatchImportFindingsResponse,
  InvalidAccessException,
  InvalidInputException,
  type SecurityHubClient,
  ValidationException,
} from "@aws-sdk/client-securityhub";
import { describeAwsError } from "../aws-error";

/** Findings of one call, and their size as JSON in bytes: 6 MB, with room for the rest (Security Hub partner guide). */
const PER_CALL = 100;
const BYTES_PER_CALL = 5_000_000;

/** What became of the findings of a batch. Those in neither list were not sent. */
export interface Imported {
  readonly ids: readonly string[];
  /** Those that Security Hub does not take as they are, each with its reason. */
  readonly refused: readonly { readonly id: string; readonly reason: string }[];
  /** Why nothing more can be sent now: no answer, too many calls, {@link SecurityHubOffError}, no permission. */
  readonly stopped?: Error;
}

/** Security Hub CSPM is off in this account and region. */
export class SecurityHubOffError extends Error {
  override readonly name = "SecurityHubOffError";
}

/**
 * The code of a finding that failed because Security Hub CSPM is off (Security Hub user guide, "BatchImportFindings for
 * finding providers"). That a code is spelled as there, or as the exception's name, is inferred (security-hub-off).
 */
const OFF = /^InvalidAccess(?:Exception)?$/;

/** Splits findings into batches that fit one call each. */
export function toBatches<Item>(
  items: readonly Item[],
  toFinding: (item: Item) => AwsSecurityFinding,
): readonly (readonly Item[])[] {
  const batches: Item[][] = [];
  let size = 0;
  for (const item of items) {
    const bytes = Buffer.byteLength(JSON.stringify(toFinding(item)));
    const last = batches.at(-1);
    if (last === undefined || last.length === PER_CALL || size + bytes > BYTES_PER_CALL) {
      batches.push([item]);
      size = bytes;
    } else {
      last.push(item);
      size += bytes;
    }
  }
  return batches;
}

/**
 * Sends one batch. Never rejects. A call that Security Hub refuses as a whole because of its content is made again in
 * halves, so that one finding does not hold up the others. Needs `securityhub:BatchImportFindings` on the account's default
 * product.
 *
 * @param batch At most one call's worth: {@link toBatches}.
 */
export async function importFindings(
  client: SecurityHubClient,
  batch: readonly AwsSecurityFinding[],
): Promise<Imported> {
  try {
    return toImported(batch, await client.send(new BatchImportFindingsCommand({ Findings: [...batch] })));
  } catch (cause) {
    // The API reference lists it for a missing permission. For that, IAM has its own error.
    const kind = cause instanceof InvalidAccessException ? SecurityHubOffError : Error;
    const error = new kind(describeAwsError(cause), { cause });
    if (!isAboutContent(cause)) return { ids: [], refused: [], stopped: error };
    const [only, ...others] = batch;
    if (only !== undefined && others.length === 0) {
      return { ids: [], refused: [{ id: only.Id ?? "", reason: error.message }] };
    }
    return importHalves(client, batch);
  }
}

function toImported(
  batch: readonly AwsSecurityFinding[],
  { FailedCount = 0, FailedFindings = [] }: Partial<BatchImportFindingsResponse>,
): Imported {
  const failed = new Map(
    FailedFindings.map(({ Id, ErrorCode, ErrorMessage }) => [Id, `${ErrorCode}: ${ErrorMessage}`]),
  );
  // Where it does not say which failed, none is taken for sent.
  const unnamed = FailedCount > failed.size ? "Security Hub does not say which findings failed" : undefined;
  const ids = batch.flatMap(({ Id = "" }) => (failed.has(Id) || unnamed !== undefined ? [] : [Id]));
  const off = FailedFindings.find(({ ErrorCode = "" }) => OFF.test(ErrorCode));
  if (off !== undefined) {
    // It says nothing of the findings themselves.
    return { ids, refused: [], stopped: new SecurityHubOffError(`${off.ErrorCode}: ${off.ErrorMessage}`) };
  }
  const refused = batch.flatMap(({ Id = "" }) => {
    const reason = failed.get(Id) ?? unnamed;
    return reason === undefined ? [] : [{ id: Id, reason }];
  });
  return { ids, refused };
}

async function importHalves(client: SecurityHubClient, batch: readonly AwsSecurityFinding[]): Promise<Imported> {
  const middle = Math.ceil(batch.length / 2);
  const first = await importFindings(client, batch.slice(0, middle));
  if (first.stopped !== undefined) return first;
  const second = await importFindings(client, batch.slice(middle));
  return { ...second, ids: [...first.ids, ...second.ids], refused: [...first.refused, ...second.refused] };
}

function isAboutContent(error: unknown): boolean {
  if (error instanceof InvalidInputException || error instanceof ValidationException) return true;
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: unknown } };
  // Too large, despite our own limits.
  return $metadata?.httpStatusCode === 413;
}
