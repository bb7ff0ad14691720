import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the stand-in answers; a number is the HTTP status of an error with that name. */
export interface BriefAnswers {
  readonly account?: string;
  readonly signer?: readonly [status: number, name: string];
  readonly concurrency?: readonly [limit: number, unreserved: number] | readonly [status: number, name: string];
  /** Never answers. */
  readonly silent?: true;
  /** Answers nobody before so many have asked. */
  readonly together?: number;
}

/** STS, Signer and Lambda, as far as `doctor` asks them, at one address. */
export async function startBriefAws(answers: BriefAnswers) {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    asked.push(`${request.method} ${path}`);
    request.resume();
    if (answers.silent) return;
    waiting.push(() => answer(path, response, answers));
    if (waiting.length >= (answers.together ?? 0)) for (const one of waiting.splice(0)) one();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    asked: asked as readonly string[],
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function answer(path: string, response: ServerResponse, answers: BriefAnswers): void {
  const { account = "111122223333", signer, concurrency = [1000, 1000] } = answers;
  if (path === "/") {
    response.setHeader("content-type", "text/xml");
    response.end(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/me</Arn><UserId>AIDA</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    );
    return;
  }
  const [first, second] = path.startsWith("/signing-platforms/") ? (signer ?? [200, ""]) : concurrency;
  if (typeof second === "string" && second !== "") {
    response.statusCode = first;
    response.setHeader("x-amzn-errortype", second);
    json(response, { message: "made up", Message: "made up" });
  } else if (path.startsWith("/signing-platforms/")) {
    json(response, { platformId: path.split("/").at(-1) });
  } else {
    json(response, { AccountLimit: { ConcurrentExecutions: first, UnreservedConcurrentExecutions: second } });
  }
}

function json(response: ServerResponse, value: object): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value));
}
