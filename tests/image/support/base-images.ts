import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { buildGo, goVersion, signerPlugin } from "../../../build/go";
import { buildImage, type Engine, hasImage } from "./engine";
import { AWS_LAMBDA_RIC, installRuntime, NODE } from "./node-runtime";

const run = promisify(execFile);
const BASE = resolve(__dirname, "../base");
const NOTATION = resolve(__dirname, "../../../verifier/notation");
const NAME = "ecs-image-verification-test";

/** Local images in the place of those that the Dockerfile names. */
export interface BaseImages {
  /** Node.js with AWS's runtime interface client. */
  readonly node: string;
  readonly go: string;
  /** Has the local Signer plugin as `/out/signer-plugin`. */
  readonly plugin: string;
}

/** Makes the base images that the engine does not have yet. Their tags hold what they are made of. */
export async function baseImages(engine: Engine): Promise<BaseImages> {
  const debian = await debianImage(engine);
  const node = `${NAME}/node:${digest(debian, NODE, AWS_LAMBDA_RIC, await baseFiles("node.Dockerfile", "lambda-entrypoint.sh"))}`;
  await unlessThere(engine, node, async (context) => {
    const runtime = await installRuntime();
    await cp(runtime.node, join(context, "node"));
    await cp(runtime.modules, join(context, "runtime"), { recursive: true });
    await cp(join(BASE, "lambda-entrypoint.sh"), join(context, "lambda-entrypoint.sh"));
    await buildImage(engine, {
      context,
      dockerfile: join(BASE, "node.Dockerfile"),
      tag: node,
      args: { DEBIAN: debian },
    });
  });

  const modules = await Promise.all(["go.mod", "go.sum"].map((name) => readFile(join(NOTATION, name), "utf8")));
  const go = `${NAME}/go:${digest(debian, await goVersion(), ...modules, await baseFiles("go.Dockerfile"))}`;
  await unlessThere(engine, go, async (context) => {
    await cp(await goEnvironment("GOROOT"), join(context, "go"), { recursive: true, filter: neededOfGo });
    await downloadModules(join(context, "modules"));
    await buildImage(engine, { context, dockerfile: join(BASE, "go.Dockerfile"), tag: go, args: { DEBIAN: debian } });
  });

  const built = await buildGo(signerPlugin);
  const plugin = `${NAME}/plugin:${digest(built, await baseFiles("plugin.Dockerfile"))}`;
  await unlessThere(engine, plugin, async (context) => {
    await cp(built, join(context, "signer-plugin"));
    await buildImage(engine, { context, dockerfile: join(BASE, "plugin.Dockerfile"), tag: plugin });
  });
  return { node, go, plugin };
}

/** The same for another processor than this machine's, where nothing of the image is run. */
export async function foreignBaseImages(engine: Engine, base: BaseImages, platform: string): Promise<BaseImages> {
  const tag = `${NAME}/foreign:${platform.replace("/", "-")}`;
  const context = await mkdtemp(join(tmpdir(), "foreign-image-"));
  try {
    await writeFile(join(context, "signer-plugin"), "of another processor\n");
    await buildImage(engine, { context, dockerfile: join(BASE, "foreign.Dockerfile"), tag, platform });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
  return { ...base, node: tag, plugin: tag };
}

async function debianImage(engine: Engine): Promise<string> {
  const tag = `${NAME}/debian:bookworm`;
  await unlessThere(engine, tag, async (folder) => {
    const root = join(folder, "root");
    await run("debootstrap", ["--variant=minbase", "--include=ca-certificates", "bookworm", root]);
    const left = [
      "var/cache/apt/archives",
      "var/lib/apt/lists",
      "usr/share/doc",
      "usr/share/locale",
      "usr/share/man",
      "dev",
    ];
    const archive = join(folder, "root.tar");
    await run("tar", ["-c", "-f", archive, "-C", root, ...left.map((path) => `--exclude=./${path}/*`), "."]);
    await engine.docker(["import", archive, tag]);
  });
  return tag;
}

/** Makes an image in a temporary folder, and says so: it takes its time, once. */
async function unlessThere(engine: Engine, tag: string, make: (folder: string) => Promise<void>): Promise<void> {
  if (await hasImage(engine, tag)) return;
  console.log(`  making ${tag} (once; it is kept in the cache folder)`);
  const folder = await mkdtemp(join(tmpdir(), "base-image-"));
  try {
    await make(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A module proxy in a folder, with what verifier/notation needs. */
async function downloadModules(folder: string): Promise<void> {
  const cache = await mkdtemp(join(tmpdir(), "go-modules-"));
  const known = `file://${await goEnvironment("GOMODCACHE")}/cache/download`;
  const environment = {
    ...process.env,
    GOMODCACHE: cache,
    GOPROXY: `${known},${await goEnvironment("GOPROXY")}`,
    GOFLAGS: "-modcacherw",
  };
  try {
    await run("go", ["mod", "download"], { cwd: NOTATION, env: environment });
    await mkdir(dirname(folder), { recursive: true });
    await cp(join(cache, "cache", "download"), folder, { recursive: true });
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

async function goEnvironment(name: string): Promise<string> {
  return (await run("go", ["env", name])).stdout.trim();
}

function neededOfGo(path: string): boolean {
  return !/\/(?:testdata|go\/test|go\/api|go\/doc)$/.test(path);
}

async function baseFiles(...names: readonly string[]): Promise<string> {
  return (await Promise.all(names.map((name) => readFile(join(BASE, name), "utf8")))).join("\0");
}

function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 16);
}
