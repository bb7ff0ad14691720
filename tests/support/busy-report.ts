import { buildReport, stillRunning } from "../../automation/operations/report/build-report";
import type { ReportModel } from "../../automation/operations/report/report-model";
import { compareTrust } from "../../automation/operations/report/what-if";
import type { ReasonCode } from "../../verifier/src/verification/verdict";
import { verdictOf } from "./launch";
import {
  digestOf,
  ECS,
  launchRecord,
  NOW,
  REGISTRY,
  reportFacts,
  sweepOf,
  sweptImage,
  sweptPlace,
} from "./report-facts";

/** What an attacker would call an image to break a page, a table or a terminal. */
export const HOSTILE =
  '<img src=x onerror="document.title=1">|`</td></script><script>document.title=2</script>\u202e\u001b[31m';

const CODES: readonly ReasonCode[] = [
  "signature-valid",
  "signature-valid",
  "signature-valid",
  "signature-valid",
  "signature-valid",
  "signature-valid",
  "exempted",
  "no-signature",
  "signature-revoked",
  "registry-unavailable",
];

const SERVICES = ["web", "api", "checkout", "search", "billing-worker-for-the-european-region", "mail"];

/** A report in which every section has something, with texts that others chose to do harm. */
export function busyReport(images = 40): ReportModel {
  const swept = Array.from({ length: images }, (_, number) => {
    const code = CODES[number % CODES.length] ?? "signature-valid";
    const service = SERVICES[number % SERVICES.length];
    return sweptImage(number, {
      code,
      containers: 1 + (number % 5) + 2,
      places: [
        sweptPlace("shop", `service:${service}`, 1 + (number % 5)),
        sweptPlace("batch", "family:nightly-job", 2),
      ],
      seenAtLaunch: number % 9 !== 0,
      ...(number % 4 === 0 && code === "signature-valid"
        ? { validUntil: `2026-06-${16 + (number % 12)}T00:00:00.000Z` }
        : {}),
    });
  });
  const hostile = sweptImage(images, {
    code: "reference-invalid",
    repository: HOSTILE,
    reference: HOSTILE,
    detail: `the reference ${HOSTILE} is no image`,
    places: [sweptPlace("shop", `service:${HOSTILE}`)],
  });
  const all = [hostile, ...swept];
  const sweep = sweepOf(all, {
    unread: [{ place: `${ECS}:cluster/lost`, error: "AccessDeniedException: not allowed" }],
  });
  const running = stillRunning(all, sweep);
  const records = Array.from({ length: 120 }, (_, number) => {
    const code = CODES[(number * 7) % CODES.length] ?? "signature-valid";
    const isBad = code === "no-signature" || code === "signature-revoked";
    return launchRecord({
      task: `task-${number}`,
      service: SERVICES[number % SERVICES.length] ?? "web",
      code,
      image: number % 12,
      response: isBad ? (number % 3 === 0 ? "stopped" : "audited") : "none",
      createdAt: new Date(NOW.getTime() - (number + 1) * 80 * 60_000),
      took: 900 + ((number * 7919) % 9000),
    });
  });
  records.push(launchRecord({ task: "evil", service: HOSTILE, detail: HOSTILE }));
  const [first, second] = running?.images ?? [];
  if (first === undefined || second === undefined) throw new Error("no images");
  return buildReport(
    reportFacts({
      place: { ...reportFacts().place, gateMode: "audit", watchedClusters: [`${ECS}:cluster/shop`] },
      sources: [
        { name: "Sweep of what runs", state: "read", detail: `${all.length} images.` },
        { name: "Verdicts of the launch detector", state: "read", detail: "121 records." },
        { name: "Verdicts of the sweep", state: "absent", detail: "The environment's outputs have no such log." },
        {
          name: "Orders of the moment",
          state: "failed",
          detail:
            "Reading the orders of the table orders failed: AccessDeniedException: no. These credentials need dynamodb:Scan on it.",
        },
      ],
      running,
      sweep,
      history: {
        since: new Date(NOW.getTime() - 7 * 24 * 3_600_000),
        records: records.toSorted((one, other) => (one.judgedAt < other.judgedAt ? -1 : 1)),
        canaryVerdicts: 28,
      },
      services: SERVICES.map((service, at) => ({
        cluster: `${ECS}:cluster/shop`,
        group: `service:${service}`,
        gate: at % 3 === 0 ? ("not-attached" as const) : ("attached" as const),
        mode: at % 2 === 0 ? ("enforce" as const) : ("audit" as const),
      })),
      orders: [
        {
          order: {
            kind: "exempt",
            id: "o1",
            digest: digestOf(6),
            image: `${REGISTRY}/team/app-6`,
            from: "2026-06-15T10:00:00.000Z",
            until: "2026-06-15T18:00:00.000Z",
            owner: "Jürgen <ops@example.com>",
            reason: HOSTILE,
          },
          state: "in-force",
        },
      ],
      exemptions: [
        { image: `${REGISTRY}/team/legacy`, owner: "team-legacy", reason: "is being replaced", expires: "2026-06-30" },
        { image: `${REGISTRY}/team/old`, owner: "team-old", reason: "forgotten", expires: "2026-06-01" },
      ],
      whatIf: compareTrust({
        file: "stricter.yaml",
        judged: [
          { image: first, verdict: verdictOf({ code: "signature-valid" }) },
          {
            image: { ...second, status: "trusted", code: "signature-valid" },
            verdict: verdictOf({ code: "signers-missing", detail: HOSTILE }),
          },
        ],
        notJudged: 2,
        denied: [{ record: launchRecord({}), verdict: verdictOf({ code: "no-signature" }) }],
      }),
    }),
  );
}
