import type { Answers } from "./answers";
import type { TargetFolder } from "./folder";
import { TRUST_FILE } from "./plan";

/** What is to be done after `init`, as commands to copy. */
export interface NextSteps {
  readonly commands: readonly string[];
  /** Lines that a program of somebody else needs. */
  readonly program: readonly string[];
}

const OWN_PACKAGE = "ecs-image-verification";

/** @param cwd The folder that the terminal is in. */
export function nextSteps(answers: Answers, folder: TargetFolder, cwd: string): NextSteps {
  const call = folder.isOwn ? `bin/${OWN_PACKAGE}` : `npx ${OWN_PACKAGE}`;
  const enter = folder.path === cwd ? [] : [`cd ${shellWord(folder.path)}`];
  if (answers.use === "command-line") {
    return { commands: [...enter, ...commandLineSteps(answers, call)], program: [] };
  }
  const { stack } = answers;
  const pack = `--policy-pack ${folder.root}policy --policy-pack-config policy-${stack}.json`;
  return {
    commands: [
      ...enter,
      ...installSteps(folder),
      `${call} trust check Pulumi.${stack}.yaml`,
      `${call} doctor --for deployment --stack ${stack}`,
      `pulumi stack init ${stack}`,
      `pulumi preview --stack ${stack} ${pack}`,
      `pulumi up --stack ${stack} ${pack}`,
    ],
    program: folder.hasProject && !folder.makesEnvironments ? programLines() : [],
  };
}

function commandLineSteps({ account, region, registries }: Answers, call: string): readonly string[] {
  const place = registries.includes("self") && account === undefined ? ` --account ACCOUNT --region ${region}` : "";
  return [
    `${call} trust check ${TRUST_FILE}`,
    `${call} plugin install`,
    `${call} doctor --for command-line`,
    `${call} verify REGISTRY/REPOSITORY@sha256:DIGEST --trust ${TRUST_FILE}${place}`,
  ];
}

function installSteps({ isOwn, names, packages, hasProject }: TargetFolder): readonly string[] {
  if (isOwn) return names.has("node_modules") ? [] : ["npm ci"];
  if (!names.has("package.json")) return ["npm install"];
  const missing = [
    ...(packages.has(OWN_PACKAGE) ? [] : [OWN_PACKAGE]),
    ...(hasProject || packages.has("typescript") ? [] : ["typescript@5", "@types/node@22"]),
  ];
  return missing.length === 0 ? [] : [`npm install ${missing.join(" ")}`];
}

/** An output of an environment that is part of another program is below a name. */
function programLines(): readonly string[] {
  return [
    `import { environmentOfStack } from "${OWN_PACKAGE}/environment";`,
    "",
    "export const imageVerification = environmentOfStack();",
  ];
}

function shellWord(text: string): string {
  return /^[A-Za-z0-9_./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
