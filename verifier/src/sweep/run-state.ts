import * as z from "zod";
import { digestGrammar } from "../../../trust/reference";
import type { Subject } from "../verification/subject";
import { sweptPlaceSchema } from "./swept-image";

const count = z.int().min(0);
const text = z.string().min(1);
const time = z.iso.datetime();
const digest = z.string().regex(digestGrammar);

/** One sweep, while it is under way. */
export const runStateSchema = z.strictObject({
  /** The time for which it was scheduled. */
  run: time,
  /** Whether it is the environment's first: it tells one summary, and stops nothing. */
  isFirst: z.boolean(),
  /** When the first sweep was: a task that is younger has been launched under our eyes, or past them. */
  watchedSince: time,
  /** The run before it. Absent at the first. */
  previousRun: time.exactOptional(),
});

/** How far a cluster has been read. */
export const clusterStateSchema = z.strictObject({
  arn: text,
  state: z.enum(["open", "read", "unread"]),
  /** Parts that are stored. */
  parts: count,
  /** Whether the tasks that are being stopped are read: after all others, since they may run for long. */
  isStopping: z.literal(true).exactOptional(),
  /** ECS's token for the page that comes next. Absent: the first. */
  next: text.exactOptional(),
  tasks: count,
  containers: count,
  /** How often reading it has failed, and how it failed last. */
  failures: count,
  error: z.string().exactOptional(),
});

const subjectSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("image"),
    container: text,
    image: z.string().exactOptional(),
    digest: digest.exactOptional(),
    oddDigest: z.string().exactOptional(),
    basis: z.enum(["reported", "reference", "tag", "unreported"]),
  }),
  z.strictObject({ kind: z.literal("aws-injected"), container: text, digest: digest.exactOptional() }),
  z.strictObject({
    kind: z.literal("undetermined"),
    container: text,
    digest: digest.exactOptional(),
    error: z.string(),
  }),
]) satisfies z.ZodType<Subject>;

/** What runs of an image in a part of a cluster. */
export const imagePartSchema = z.strictObject({
  subject: subjectSchema,
  repository: text.exactOptional(),
  places: z.array(sweptPlaceSchema).min(1),
});

export type RunState = Readonly<z.infer<typeof runStateSchema>>;
export type ClusterState = Readonly<z.infer<typeof clusterStateSchema>>;
export type ImagePart = Readonly<z.infer<typeof imagePartSchema>>;
