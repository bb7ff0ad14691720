import type { Status } from "../../verifier/src/verification/verdict";

/** What stands in a table's cell. Each form of a report shows and sorts it in its own way. */
export type Cell =
  /** Text that others chose, at most `limit` characters of it. */
  | { readonly kind: "given"; readonly text: string; readonly limit: number }
  /** A reason code, or what a newer verifier has written instead. */
  | { readonly kind: "code"; readonly text: string }
  /** Our own words. */
  | { readonly kind: "words"; readonly text: string }
  /** One of our statuses, or what a newer verifier has written instead. */
  | { readonly kind: "status"; readonly text: string }
  | { readonly kind: "digest"; readonly digest: string | null }
  | { readonly kind: "number"; readonly value: number | null }
  /** A day, or a time in ISO 8601. */
  | { readonly kind: "time"; readonly time: string | null }
  /** In milliseconds. */
  | { readonly kind: "duration"; readonly milliseconds: number };

export const given = (text: string | null, limit = 200): Cell =>
  text === null ? words("-") : { kind: "given", text, limit };
export const code = (text: string): Cell => ({ kind: "code", text });
export const words = (text: string): Cell => ({ kind: "words", text });
export const status = (text: string): Cell => ({ kind: "status", text });
export const digest = (text: string | null): Cell => ({ kind: "digest", digest: text });
export const number = (value: number | null): Cell => ({ kind: "number", value });
export const time = (text: string | null): Cell => ({ kind: "time", time: text });
export const duration = (milliseconds: number): Cell => ({ kind: "duration", milliseconds });

/** A column, with what a narrow terminal may do to it: cli/lib/table.ts. */
export interface TableColumn {
  readonly name: string;
  readonly align?: "right";
  readonly wrapTo?: number;
  readonly leaveOut?: number;
  /** Only the page has room for it. */
  readonly onlyOnPage?: true;
}

export interface TableView {
  readonly title: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** Said in place of a table without rows. */
  readonly empty: string;
}

/** Numbers by status. */
export type StatusValues = Readonly<Record<Status, number>>;

/** A chart of the page. Its numbers are in a table or in the text as well. */
export type Chart =
  | { readonly kind: "statuses"; readonly title: string; readonly values: StatusValues; readonly what: string }
  | {
      readonly kind: "days";
      readonly title: string;
      readonly days: readonly ({ readonly day: string } & StatusValues)[];
    }
  | {
      readonly kind: "bars";
      readonly title: string;
      readonly bars: readonly { readonly name: string; readonly value: number; readonly status: Status }[];
    }
  | {
      readonly kind: "shares";
      readonly title: string;
      readonly shares: readonly { readonly name: string; readonly part: number; readonly whole: number }[];
    };

/** The most important numbers. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  /** Default: neither good nor bad. */
  readonly tone?: Status;
  /** Id of the section that says more. */
  readonly section: string;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  /** Paragraphs, in our own words. */
  readonly text: readonly string[];
  readonly facts?: readonly Fact[];
  readonly charts?: readonly Chart[];
  readonly tables: readonly TableView[];
}

/** A report in words and tables, for every form but JSON. */
export interface ReportDocument {
  readonly title: string;
  /** What it is about, and when it was made. */
  readonly subtitle: string;
  readonly sections: readonly Section[];
}
