import { MINIMAL_PULUMI } from "../../automation/environments/minimal-pulumi";
import { NAMESPACE } from "../../configuration/problem";
import type { PlannedFile } from "./planned-file";

/** Versions of packages, exact or as ranges. */
type Versions = Readonly<Record<string, string | undefined>>;

/** What of this product's own package.json a new project needs. */
export interface OwnPackage {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Versions;
  readonly peerDependencies?: Versions;
}

/** The files of a new Pulumi project, beside those of its stacks. */
export function projectFiles(own: OwnPackage): readonly PlannedFile[] {
  return [
    { path: "Pulumi.yaml", text: PULUMI_YAML },
    { path: "package.json", text: packageJson(own), keep: true },
    { path: "tsconfig.json", text: TSCONFIG, keep: true },
    { path: "index.ts", text: INDEX },
  ];
}

/** With this name, `pulumi config set KEY` means the keys of this product. */
const PULUMI_YAML = `name: ${NAMESPACE}
description: Verifies the signature of every image that Amazon ECS launches
requiredPulumiVersion: ">=${MINIMAL_PULUMI}"
runtime: nodejs
main: index.ts
`;

const INDEX = `import { environmentOfStack } from "ecs-image-verification/environment";

// Each stack is an environment: Pulumi.<stack>.yaml says all about it.
export = environmentOfStack;
`;

/** Like that of `pulumi new aws-typescript`; declarations of packages are not checked, which takes seconds at each update. */
const TSCONFIG = `${JSON.stringify(
  {
    compilerOptions: {
      strict: true,
      outDir: "bin",
      target: "es2020",
      module: "commonjs",
      moduleResolution: "node",
      sourceMap: true,
      skipLibCheck: true,
      forceConsistentCasingInFileNames: true,
    },
    files: ["index.ts"],
  },
  null,
  2,
)}
`;

/** npm refuses a package that has the name of one of its dependencies, so this one has another. */
function packageJson({ name, version, dependencies, peerDependencies }: OwnPackage): string {
  const pulumi = { ...dependencies, ...peerDependencies }["@pulumi/pulumi"];
  return `${JSON.stringify(
    {
      name: "image-verification",
      private: true,
      main: "index.ts",
      dependencies: { "@pulumi/pulumi": pulumi, [name]: version },
      devDependencies: { "@types/node": "^22", typescript: "^5" },
    },
    null,
    2,
  )}\n`;
}
