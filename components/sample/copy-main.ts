import { parseReference } from "../../trust/reference";
import { copyImage, copyReference } from "./copy-image";
import { ecrLogin } from "./ecr-login";
import { runCommand, variable } from "./variable";

// A command of the deployment: copies SOURCE_IMAGE to REPOSITORY with TAG, and prints the reference of the copy by digest.
void runCommand(async () => {
  const source = parseReference(variable("SOURCE_IMAGE"));
  const target = parseReference(variable("REPOSITORY"));
  const from = { access: { url: `https://${source.registry}`, tokens: new Map() }, repository: source.repository };
  const credentials = await ecrLogin(target.registry);
  const access = { url: `https://${target.registry}`, credentials, tokens: new Map() };
  const digest = await copyImage(from, source, { access, repository: target.repository }, variable("TAG"));
  return copyReference(target, digest);
});
