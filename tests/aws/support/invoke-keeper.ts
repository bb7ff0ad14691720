import { handler } from "../../../verifier/src/handlers/keeper";

/** Invokes the keeper's handler once with the event given as JSON, and prints its answer as the last line. */
async function main(event: string): Promise<void> {
  const context = { getRemainingTimeInMillis: () => 300_000 } as Parameters<typeof handler>[1];
  const answer = await handler(JSON.parse(event), context);
  process.stdout.write(`${JSON.stringify({ answer: answer ?? null })}\n`);
}

main(process.argv[2] ?? "").catch((error: Error) => {
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exitCode = 1;
});
