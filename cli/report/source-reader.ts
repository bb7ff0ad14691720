import type { Source } from "../../automation/operations/report/report-model";
import { type AwsQuestion, askAws } from "../lib/aws-errors";
import { CommandFailedError } from "../lib/errors";
import { printable } from "../lib/printable";
import { SOURCE } from "./source-names";

/** Reads what a report is made from, and keeps what became of each source. */
export interface SourceReader {
  readonly sources: readonly Source[];
  /**
   * What AWS answers; undefined if it does not, and then the source has failed.
   *
   * @param describe says what was read, as a sentence, and whether that is all: default `read`.
   */
  read<Answer>(
    name: string,
    question: AwsQuestion,
    call: () => Promise<Answer>,
    describe: (answer: Answer) => string | Pick<Source, "state" | "detail">,
  ): Promise<Answer | undefined>;
  /** Notes that there is none. */
  absent(name: string, detail: string): void;
  /** Notes one that was read, or not, otherwise. */
  note(source: Source): void;
  /**
   * @throws the first failure if nothing at all was read: a report of nothing is none.
   */
  check(): void;
}

export function createSourceReader(): SourceReader {
  const sources: Source[] = [];
  const failures: CommandFailedError[] = [];
  return {
    sources,
    async read(name, question, call, describe) {
      try {
        const answer = await askAws(question, call);
        const said = describe(answer);
        sources.push({ name, ...(typeof said === "string" ? { state: "read", detail: said } : said) });
        return answer;
      } catch (error) {
        if (!(error instanceof CommandFailedError)) throw error;
        failures.push(error);
        sources.push({ name, state: "failed", detail: inOneLine(error.message) });
        return undefined;
      }
    },
    absent: (name, detail) => void sources.push({ name, state: "absent", detail }),
    note: (source) => void sources.push({ ...source, detail: inOneLine(source.detail) }),
    check() {
      const [first] = failures;
      if (first !== undefined && !sources.some(isFromAws)) throw first;
    },
  };
}

function isFromAws({ name, state }: Source): boolean {
  return (state === "read" || state === "partly") && name !== SOURCE.exemptions;
}

/** What was read, with what had to be left out. */
export function withUnreadable(read: string, unreadable: readonly string[]): Pick<Source, "state" | "detail"> {
  return { state: unreadable.length === 0 ? "read" : "partly", detail: [read, ...unreadable].join(" ") };
}

/** An error of a file has several lines, and may quote it. */
function inOneLine(text: string): string {
  return printable(text.replace(/\s+/g, " "), 1000);
}
