import type { ResolvedTrustDocument } from "../../../../trust";
import type { Notation } from "../../../../verifier/src/notation/serve";
import type { ReasonCode, Status } from "../../../../verifier/src/verification/verdict";
import type { PlayedOrder } from "../../../support/order-answers";
import type { SceneImage } from "../scene";

/** A container of the task: its image is named by digest. */
export interface TaskContainer {
  readonly name: string;
  readonly image: SceneImage;
}

/** A task, and all that its verdict depends on. */
export interface JudgedTask {
  readonly containers: readonly TaskContainer[];
  /** The trust document as a file has it. */
  readonly document: object;
  /** The same for the functions, which have it resolved. */
  readonly trust: ResolvedTrustDocument;
  /** The functions' notation process, with this trust document. */
  readonly notation: Pick<Notation, "verify">;
  readonly orders: readonly PlayedOrder[];
  readonly now: Date;
}

/** The containers of the task as ECS reports them. */
export function ecsContainers({ containers }: Pick<JudgedTask, "containers">) {
  return containers.map(({ name, image: { reference, descriptor } }) => ({
    name,
    image: reference,
    imageDigest: descriptor.digest,
  }));
}

/** A verdict, of which only the texts that differ from place to place are left out. */
export interface PlaceVerdict {
  readonly verdict: `${Status} ${ReasonCode}`;
  /** With an exemption of the moment: the verdict without it. */
  readonly without?: `${Status} ${ReasonCode}`;
}

/** What a place makes of a task. */
export interface PlaceAnswer {
  /** By the container's name. */
  readonly containers: Readonly<Record<string, PlaceVerdict>>;
  /** Whether it stops or refuses the task; of a command, whether its exit code says that something is denied. */
  readonly isRefused: boolean;
}

/** A place that judges images. */
export interface Place {
  readonly name: string;
  judge(task: JudgedTask): Promise<PlaceAnswer>;
}

/** What records, swept images and the JSON of the commands have in common. */
interface Judged {
  readonly status: Status;
  readonly code: ReasonCode;
  readonly without?: { readonly status: Status; readonly code: ReasonCode } | null | undefined;
}

export function toPlaceVerdict({ status, code, without }: Judged): PlaceVerdict {
  const verdict = `${status} ${code}` as const;
  return without == null ? { verdict } : { verdict, without: `${without.status} ${without.code}` };
}

/** The same of records. */
export function byContainer(records: readonly (Judged & { readonly container: string })[]) {
  return Object.fromEntries(records.map((record) => [record.container, toPlaceVerdict(record)]));
}
