import { buildPackage } from "./package";

// `npm run build`: builds lib/, the code of the npm package.
buildPackage().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
