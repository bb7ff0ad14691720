import { handleLaunch, InconclusiveError, type LaunchDetector } from "../../verifier/src/detector/handle";
import { parseLaunchEvent } from "../../verifier/src/ecs/event";
import type { Launch } from "../../verifier/src/ecs/launch";
import type { Message } from "../../verifier/src/reporting/message";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { messageAbout, responseTo, type TakeResponse } from "./effects";
import { taskEvent } from "./events";
import type { Expectation, Scene, Take } from "./scene";
import type { Stage } from "./stage";

/** The time that an invocation has, in milliseconds. */
const INVOCATION_MS = 60_000;

/** The verdict on one container at one event, the response, and what was expected. */
export interface Row {
  readonly scene: string;
  readonly launch: Launch;
  readonly container: string;
  /** The image reference in ECS's report. */
  readonly image: string | undefined;
  readonly verdict: Verdict;
  /** The response to the launch. */
  readonly response: TakeResponse;
  /** The message to people about this container, if there was one. */
  readonly message: Message | undefined;
  /** `undefined` for a container that the scene does not contain. */
  readonly expected: Expectation | undefined;
  readonly expectedResponse: TakeResponse;
  /** Whether people should be notified if it is denied. */
  readonly isToldOf: boolean;
}

/** Plays one scene: each event goes through the code that the Lambda function runs. */
export async function playScene(scene: Scene, stage: Stage): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const take of scene.takes(stage)) rows.push(...(await playTake(scene, take, stage)));
  return rows;
}

async function playTake({ title }: Scene, take: Take, stage: Stage): Promise<Row[]> {
  const { task, sentAt, expected, response, isUntold = false } = take;
  const { place, clock, detector, ecs, aws } = stage;
  const event = taskEvent(task, place, sentAt ?? new Date(clock.now()));
  const launch = parseLaunchEvent(event);
  ecs.launch(task);
  const before = aws.calls().length;
  const { verdicts, again } = await handle(detector, event);
  const calls = aws.calls().slice(before);
  return launch.containers.map(({ name, image }) => ({
    scene: title,
    launch,
    container: name,
    image,
    verdict: verdictOn(name, verdicts),
    response: again ? "retry" : responseTo(launch, calls),
    message: messageAbout(name, calls),
    expected: expected[name],
    expectedResponse: response,
    isToldOf: !isUntold,
  }));
}

interface Handled {
  /** The last verdict on each container, by its name. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** The invocation failed, so that Lambda sends the event again. */
  readonly again: boolean;
}

/** One invocation. The verdicts are collected from the judge, because a failed invocation does not return them. */
async function handle(detector: LaunchDetector, event: unknown): Promise<Handled> {
  const verdicts = new Map<string, Verdict>();
  const judge: LaunchDetector["judge"] = async (subject) => {
    const verdict = await detector.judge(subject);
    verdicts.set(subject.container, verdict);
    return verdict;
  };
  try {
    await handleLaunch({ ...detector, judge }, event, () => INVOCATION_MS);
    return { verdicts, again: false };
  } catch (error) {
    if (error instanceof InconclusiveError) return { verdicts, again: true };
    throw error;
  }
}

function verdictOn(container: string, verdicts: ReadonlyMap<string, Verdict>): Verdict {
  const verdict = verdicts.get(container);
  if (verdict === undefined) throw new Error(`There is no verdict on the container ${container}.`);
  return verdict;
}

/** People are notified of a denial, unless the scene says that it is not new. */
export function isMessageExpected({ expected, isToldOf }: Row): boolean {
  return isToldOf && (expected?.startsWith("denied ") ?? false);
}

/** Whether verdict, response and message are as the scene expects. */
export function isAsExpected(row: Row): boolean {
  const { verdict, response, message, expected, expectedResponse } = row;
  return (
    expected === `${verdict.status} ${verdict.code}` &&
    response === expectedResponse &&
    (message !== undefined) === isMessageExpected(row)
  );
}
