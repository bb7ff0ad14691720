import { buildGo, notationVerifier } from "../go";

buildGo(notationVerifier).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
