import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { PACKAGE_ROOT } from "../../../package-root";
import { REASON_CODES, STATUSES, toStatus } from "../verification/verdict";
import { RECORD_VERSION, verdictRecordSchema } from "./record-schema";

/** Path of the generated schema. */
export const RECORD_SCHEMA_FILE = join(PACKAGE_ROOT, "docs/image-verdict.schema.json");

const { enforcementPoint, subject } = verdictRecordSchema.shape;

/** The record as it appears in events. */
const eventDetail = verdictRecordSchema.extend({
  final: z.literal(true).describe("In events always true: what is judged again is in the log only, with false."),
  // Consumers that validate events with this schema must accept events of later versions.
  enforcementPoint: openList(enforcementPoint),
  subject: openList(subject),
});

function openList({
  options,
  description,
}: {
  readonly options: readonly string[];
  readonly description?: string | undefined;
}) {
  return z
    .string()
    .min(1)
    .meta({ description, examples: [...options] });
}

const OF_TASK = ["task", "lastStatus", "taskCreatedAt"] as const;
const OF_DEPLOYMENT = ["deployment", "serviceRevision", "stage"] as const;
const OF_RUNNING = ["task", "taskCreatedAt", "containers"] as const;

/** The fields that each subject must have, and those that belong to another. Later subjects may have any of them. */
const OF_SUBJECT = {
  task: { required: OF_TASK, foreign: [...OF_DEPLOYMENT, "owner", "containers"] },
  deployment: {
    required: OF_DEPLOYMENT,
    foreign: [...OF_TASK, "launchType", "tagMovedFrom", "responseError", "containers"],
  },
  "running-container": { required: OF_RUNNING, foreign: [...OF_DEPLOYMENT, "owner", "lastStatus", "tagMovedFrom"] },
} as const;

/** Rules between fields, which zod cannot express in JSON Schema. */
const conditions = {
  dependentRequired: { count: ["chat"], countedSince: ["count"], chat: ["count"] },
  allOf: [
    ...STATUSES.map((status) => ({
      if: { properties: { status: { const: status } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: { properties: { code: { enum: REASON_CODES.filter((code) => toStatus(code) === status) } } },
    })),
    ...Object.entries(OF_SUBJECT).map(([subject, { required, foreign }]) => ({
      if: { properties: { subject: { const: subject } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: { required, properties: Object.fromEntries(foreign.map((field) => [field, false])) },
    })),
    {
      if: { properties: { response: { const: "failed" } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: { required: ["responseError"] },
      else: { properties: { responseError: false } },
    },
  ],
};

/** The JSON Schema of the detail of an `Image Verdict` event, as text. */
export function recordJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(eventDetail, {
    override({ jsonSchema }) {
      // The format implies it, and JavaScript's highest safe integer is no real limit.
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  const head = {
    $schema,
    $id: `urn:ecs-image-verification:image-verdict:${RECORD_VERSION}`,
    $comment: "Generated from verifier/src/reporting/record-schema.ts: npm run docs:schema",
    title: "Image Verdict",
    description:
      "Detail of the EventBridge event `Image Verdict` of source `ecs-image-verification`: the verdict on the image of one container of one ECS task or service deployment, or of the running containers of a service.",
  };
  return `${JSON.stringify({ ...head, ...schema, ...conditions }, null, 2)}\n`;
}

if (require.main === module) writeFileSync(RECORD_SCHEMA_FILE, recordJsonSchema());
