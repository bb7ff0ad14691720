// Runs inside the container that has the network namespace: what connects to one of the given ports of 127.0.0.1 there
// is led to the Unix socket of the same name. Only modules of Node.js: nothing else is installed there.
import { once } from "node:events";
import { createConnection, createServer } from "node:net";

const [folder, ...ports] = process.argv.slice(2);

async function main(): Promise<void> {
  for (const port of ports) {
    const server = createServer((inside) => {
      const outside = createConnection(`${folder}/${port}.sock`);
      inside.on("error", () => outside.destroy()).pipe(outside);
      outside.on("error", () => inside.destroy()).pipe(inside);
    });
    server.listen(Number(port), "127.0.0.1");
    await once(server, "listening");
  }
  console.log(JSON.stringify({ ready: true, address: "127.0.0.1" }));
  await once(process.stdin.resume(), "end");
  process.exit(0);
}

main();
