import { createServer } from "node:http";
import { listenOnLoopback } from "../../../local/listen";

/** `127.0.0.1:PORT` of a port where nobody listens: it was free a moment ago. */
export async function addressOfNobody(): Promise<string> {
  const { address, close } = await listenOnLoopback(createServer());
  await close();
  return address;
}
