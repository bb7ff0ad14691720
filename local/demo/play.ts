import { parseLaunchEvent } from "../../verifier/src/ecs/event";
import type { Launch } from "../../verifier/src/ecs/launch";
import { type ContainerVerdict, judgeLaunch } from "../../verifier/src/launch-verdict";
import { type LaunchResponse, plannedResponse } from "../../verifier/src/response";
import type { Verdict } from "../../verifier/src/verdict";
import { namesInTaskDefinition, taskEvent } from "./events";
import type { Expectation, Scene, Take } from "./scene";
import type { Stage } from "./stage";

/** The verdict on one container at one event, and what it should have been. */
export interface Row {
  readonly scene: string;
  readonly launch: Launch;
  readonly container: string;
  /** The image reference as ECS reports it. */
  readonly image: string | undefined;
  readonly verdict: Verdict;
  /** What enforcement would do about the launch. */
  readonly response: LaunchResponse;
  /** `undefined` for a container that the scene does not have. */
  readonly expected: Expectation | undefined;
  readonly expectedResponse: LaunchResponse["action"];
}

/** Plays one scene: each event goes through the code that the Lambda function runs. */
export async function playScene(scene: Scene, stage: Stage): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const take of scene.takes(stage)) rows.push(...(await playTake(scene, take, stage)));
  return rows;
}

async function playTake(scene: Scene, take: Take, stage: Stage): Promise<Row[]> {
  const launch = parseLaunchEvent(taskEvent(take.task, stage.place, new Date(stage.clock.now())));
  const { status, containers } = await judgeLaunch(launch, stage.judge, {
    // Stands in for DescribeTaskDefinition of ECS.
    containerNames: async () => namesInTaskDefinition(take.task),
  });
  const response = plannedResponse(launch, status);
  return containers.map((container) => rowOf(scene, take, launch, container, response));
}

function rowOf(
  { title }: Scene,
  take: Take,
  launch: Launch,
  { container, verdict }: ContainerVerdict,
  response: LaunchResponse,
): Row {
  return {
    scene: title,
    launch,
    container,
    image: launch.containers.find(({ name }) => name === container)?.image,
    verdict,
    response,
    expected: take.expected[container],
    expectedResponse: take.response,
  };
}

/** Whether verdict and response are what the scene is to show. */
export function isAsExpected({ verdict, response, expected, expectedResponse }: Row): boolean {
  return expected === `${verdict.status} ${verdict.code}` && response.action === expectedResponse;
}
