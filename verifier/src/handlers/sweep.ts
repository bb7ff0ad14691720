import type { Context } from "aws-lambda";
import { coordinate } from "../sweep/coordinate";
import { parseSweepRequest } from "../sweep/request";
import { startCoordinator } from "../sweep/start-coordinator";

/** The folder in the image with the files added at build time. */
const IMAGE_FOLDER = "/opt/ecs-image-verification";

const { coordinator, publish } = startCoordinator(process.env, IMAGE_FOLDER);

/** EventBridge Scheduler calls this to begin a sweep, and the function itself to go on with one. */
export async function handler(event: unknown, context: Context): Promise<void> {
  const request = parseSweepRequest(event);
  if (request === undefined) throw new Error("The sweep was invoked with something that it does not know.");
  try {
    await coordinate(coordinator, request.run, () => context.getRemainingTimeInMillis());
  } finally {
    publish();
  }
}
