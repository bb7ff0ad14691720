import type { Counted } from "../../../automation/operations/report/count-running";
import type { ReportModel } from "../../../automation/operations/report/report-model";
import type { RunningImage } from "../../../automation/operations/report/running-image";
import type { Status } from "../../../verifier/src/verification/verdict";
import { count } from "../../lib/count";
import { timeText } from "../../lib/time-text";
import { signerName } from "../../scan/signer-name";
import {
  type Cell,
  code,
  digest,
  given,
  number,
  type Section,
  status,
  type TableColumn,
  type TableView,
  time,
} from "../document";
import { imageName } from "../image-name";
import { placesText, workloadText } from "../places";
import { isUnread, partlyLines, SOURCE } from "../source-names";

type Running = NonNullable<ReportModel["running"]>;

/** What runs, by status, cluster, service and repository, and each image. */
export function runningSection(report: ReportModel): Section {
  const { running, registry, regions } = report;
  const section = { id: "running", title: "What runs" };
  if (running === null) {
    return {
      ...section,
      text: [`${unknownRunningText(report)} What was launched is in the sections about the last days.`],
      tables: [],
    };
  }
  const values = Object.fromEntries(running.byStatus.map((row) => [row.status, row.containers])) as Record<
    Status,
    number
  >;
  return {
    ...section,
    text: [
      ...partlyLines(report, SOURCE.sweep),
      `As it was found at ${timeText(running.at)}. An image that runs in several places has one verdict.`,
      ...(registry === null ? [] : [`Images without the name of a registry are of ${registry}.`]),
      ...(running.elsewhere === 0
        ? []
        : [
            `${count(running.elsewhere, "container")} of images with very many places are missing in the tables by cluster and by service.`,
          ]),
    ],
    charts: [{ kind: "statuses", title: "Running containers by status", values, what: "containers" }],
    tables: [
      codesView(running),
      countedView("By cluster", "cluster", running.byCluster, (row) => workloadText({ ...row, group: null }, regions)),
      countedView("By service, or family of tasks without one", "service", running.byWorkload, (row) =>
        workloadText(row, regions),
      ),
      countedView("By repository", "repository", running.byRepository, (row) =>
        imageName(row.repository ?? WITHOUT_REPOSITORY[row.kind], registry),
      ),
      imagesView(running.images, report),
    ],
  };
}

/** Why it is not known what runs. */
export function unknownRunningText(report: Pick<ReportModel, "sources">): string {
  return isUnread(report, SOURCE.sweep) ? "Not known: the sweep could not be read." : "Not known: there was no sweep.";
}

const NUMBER = { align: "right" } as const;

/** How many images and containers there are by status and code. */
export function codesView({ byCode }: Pick<Running, "byCode">): TableView {
  return {
    title: "By status and reason code",
    columns: [{ name: "status" }, { name: "code" }, { name: "images", ...NUMBER }, { name: "containers", ...NUMBER }],
    rows: byCode.map((row) => [status(row.status), code(row.code), number(row.images), number(row.containers)]),
    empty: "Nothing runs.",
  };
}

function countedView<Row extends Counted>(
  title: string,
  name: string,
  rows: readonly Row[],
  toName: (row: Row) => string,
): TableView {
  return {
    title,
    columns: [
      { name, wrapTo: 20 },
      { name: "denied", ...NUMBER },
      { name: "inconclusive", ...NUMBER },
      { name: "exempt", ...NUMBER },
      { name: "trusted", ...NUMBER },
      { name: "images", ...NUMBER, leaveOut: 1 },
    ],
    rows: rows.map((row) => {
      const { denied, inconclusive, exempt, trusted } = row.containers;
      return [given(toName(row), 300), ...[denied, inconclusive, exempt, trusted, row.images].map(number)];
    }),
    empty: "Nothing runs.",
  };
}

interface ImageColumn extends TableColumn {
  readonly cell: (image: RunningImage) => Cell;
}

/** How images and places are named: by account, registry and regions of the report. */
export type Naming = Pick<ReportModel, "account" | "registry" | "regions">;

/** A row for each image. */
export function imagesView(images: readonly RunningImage[], { account, registry, regions }: Naming): TableView {
  const columns: readonly ImageColumn[] = [
    { name: "status", cell: (image) => status(image.status) },
    { name: "code", wrapTo: 16, cell: (image) => code(image.code) },
    { name: "repository", wrapTo: 18, cell: (image) => given(imageName(repositoryText(image), registry), 300) },
    { name: "digest", leaveOut: 2, cell: (image) => digest(image.digest) },
    {
      name: "runs in",
      wrapTo: 14,
      cell: (image) => given(placesText(image.places, { ...image, regions })),
    },
    { name: "containers", ...NUMBER, cell: ({ containers }) => number(containers) },
    { name: "signed by", wrapTo: 12, leaveOut: 1, cell: (image) => given(signersText(image, account)) },
    { name: "since", onlyOnPage: true, cell: ({ since }) => time(since) },
    { name: "why", onlyOnPage: true, cell: (image) => given(image.status === "trusted" ? "" : image.detail, 500) },
  ];
  return {
    title: "Every image",
    columns: columns.map(({ cell: _cell, ...column }) => column),
    rows: images.map((image) => columns.map(({ cell }) => cell(image))),
    empty: "Nothing runs.",
  };
}

/** What stands for the repository of what has none. */
const WITHOUT_REPOSITORY: Readonly<Record<RunningImage["kind"], string>> = {
  image: "(no valid reference)",
  "aws-injected": "(added by AWS)",
  undetermined: "(whether AWS added it is not known)",
};

/** An image in a cell: its repository, else what ECS reports of it. */
export function repositoryText({ repository, kind, reference }: RunningImage): string {
  if (repository !== null) return repository;
  return kind === "image" ? reference || "(no image)" : WITHOUT_REPOSITORY[kind];
}

function signersText({ signers }: RunningImage, account: string | null): string {
  const names = new Set(signers.map((profile) => signerName(profile, account ?? undefined)));
  return [...names].join(", ") || "-";
}
