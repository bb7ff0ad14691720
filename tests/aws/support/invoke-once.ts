import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isFindingsCheckRequest } from "../../../verifier/src/detector/findings-check";
import { handleLaunch } from "../../../verifier/src/detector/handle";
import { isOrderCheckRequest } from "../../../verifier/src/detector/order-check";
import { startDetector } from "../../../verifier/src/detector/start";

/** As the function's handler: starts the detector of the folder and hands it the event `event.json` beside it. */
async function main(folder: string): Promise<void> {
  const { detector, checkOrders, sendFindings, notation, publish } = startDetector(process.env, folder);
  const event: unknown = JSON.parse(readFileSync(join(folder, "event.json"), "utf8"));
  const remainingMs = () => 60_000;
  try {
    if (isFindingsCheckRequest(event)) await sendFindings(remainingMs);
    else if (isOrderCheckRequest(event)) await checkOrders();
    else await handleLaunch(detector, event, remainingMs);
  } finally {
    publish();
    await notation.stop();
  }
}

main(process.argv[2] ?? "");
