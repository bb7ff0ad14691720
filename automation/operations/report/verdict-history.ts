import type { Status } from "../../../verifier/src/verification/verdict";
import type { ReadRecord } from "../verdict-record";
import type { StatusCounts } from "./count-running";
import { lastVerdicts, pointOf, subjectKey } from "./last-verdicts";

/** What was judged in a time. */
export interface VerdictHistory {
  /** Containers of each task, deployment and sweep, by their last verdict. */
  readonly verdicts: StatusCounts;
  /** Every day of the time, in UTC, the oldest first. */
  readonly byDay: readonly ({ readonly day: string } & StatusCounts)[];
  /** What was done about the tasks and deployments that were not trusted. */
  readonly responses: readonly { readonly point: string; readonly response: string; readonly subjects: number }[];
  /** Verdicts that are not final yet: the container is judged again. */
  readonly notFinal: number;
}

const DAY_MS = 24 * 3_600_000;

/** @param records in order of time. */
export function countHistory(records: readonly ReadRecord[], since: Date, until: Date): VerdictHistory {
  const last = lastVerdicts(records);
  const days = new Map(daysBetween(since, until).map((day) => [day, emptyCounts()]));
  const verdicts = emptyCounts();
  for (const { status, judgedAt } of last) {
    verdicts[status] += 1;
    const day = days.get(judgedAt.slice(0, 10));
    if (day !== undefined) day[status] += 1;
  }
  return {
    verdicts,
    byDay: [...days].map(([day, counts]) => ({ day, ...counts })),
    responses: countResponses(last),
    notFinal: last.filter(({ final }) => !final).length,
  };
}

function emptyCounts(): Record<Status, number> {
  return { trusted: 0, denied: 0, inconclusive: 0, exempt: 0 };
}

function daysBetween(since: Date, until: Date): readonly string[] {
  const days: string[] = [];
  const first = Date.parse(since.toISOString().slice(0, 10));
  for (let day = first; day <= until.getTime(); day += DAY_MS) days.push(new Date(day).toISOString().slice(0, 10));
  return days;
}

function countResponses(last: readonly ReadRecord[]): VerdictHistory["responses"] {
  const bad = last.filter(({ status }) => status !== "trusted" && status !== "exempt");
  const rows = new Map<string, { point: string; response: string; subjects: Set<string> }>();
  for (const record of bad) {
    const { response } = record;
    const point = pointOf(record);
    const row = rows.get(`${point} ${response}`) ?? { point, response, subjects: new Set<string>() };
    row.subjects.add(subjectKey(record));
    rows.set(`${point} ${response}`, row);
  }
  return [...rows.values()]
    .map((row) => ({ ...row, subjects: row.subjects.size }))
    .sort((one, other) => other.subjects - one.subjects);
}
