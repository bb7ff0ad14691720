import { chmod, cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bundleHandlers } from "../../../build/bundle";
import { buildArguments, onBaseArguments } from "../../../components/image/verifier-build";
import { prepareOnBaseSource } from "../../../components/image/verifier-source";
import { listenOnLoopback } from "../../../local/listen";
import { signerRoot } from "../../../trust/roots";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { Settings } from "../../../verifier/src/baked-settings";
import type { BaseImages } from "./base-images";
import { buildImage, type Engine } from "./engine";

const VERIFIER = resolve(__dirname, "../../../verifier");
const LOCAL_VERIFIER = resolve(__dirname, "../base/local-verifier.Dockerfile");

export interface VerifierBuild {
  readonly tag?: string;
  readonly target?: string;
  readonly platform?: string;
  readonly settings: Settings;
  /** Build arguments in place of those that follow from the settings. */
  readonly args?: Readonly<Record<string, string>>;
  /** What the address of AWS's root certificates serves; default: the pinned certificate. */
  readonly rootPem?: string;
}

/**
 * Builds `verifier/Dockerfile` with local base images, the local plugin in place of the plugin stage, and the Signer's
 * root certificate from an address on this machine.
 */
export async function buildVerifier(engine: Engine, base: BaseImages, build: VerifierBuild): Promise<void> {
  const { tag, target, platform, settings, args = {} } = build;
  const { rootPem = await signerRoot(settings.trust.partition) } = build;
  await withRoots(rootPem, (roots) =>
    buildImage(engine, {
      ...SOURCES,
      ...withoutUndefined({ tag, target, platform }),
      args: { ...buildArguments(settings, base), PLUGIN: base.plugin, SIGNER_ROOTS: roots, ...args },
    }),
  );
}

/** Builds the image without configuration, in the same way. */
export async function buildBase(engine: Engine, base: BaseImages, tag: string, platform?: string): Promise<void> {
  const images = { GO_IMAGE: base.go, NODE_IMAGE: base.node, PLUGIN: base.plugin };
  await withRoots(await signerRoot("aws"), (roots) =>
    buildImage(engine, {
      ...SOURCES,
      tag,
      target: "base",
      ...withoutUndefined({ platform }),
      args: { ...images, SIGNER_ROOTS: roots },
    }),
  );
}

const SOURCES = { context: VERIFIER, dockerfile: join(VERIFIER, "Dockerfile") };

/** Serves a root certificate where AWS's are fetched. The handlers are bundled by then. */
async function withRoots(rootPem: string, build: (roots: string) => Promise<void>): Promise<void> {
  await bundleHandlers();
  const roots = await listenOnLoopback(createServer((_, response) => void response.end(rootPem)));
  try {
    await build(`http://${roots.address}`);
  } finally {
    await roots.close();
  }
}

/** An image of an environment on a base image. */
export interface OnBase {
  readonly tag: string;
  readonly baseImage: string;
  readonly settings: Settings;
  readonly platform?: string;
  /** Build arguments in place of those that follow from the settings. */
  readonly args?: Readonly<Record<string, string>>;
}

/** Puts settings on a base image, as a deployment does. */
export async function buildOnBase(engine: Engine, { tag, baseImage, settings, platform, args }: OnBase): Promise<void> {
  const project = await mkdtemp(join(tmpdir(), "project-"));
  try {
    const context = join(project, (await prepareOnBaseSource(project)).context);
    await buildImage(engine, {
      context,
      dockerfile: join(context, "Dockerfile"),
      tag,
      ...withoutUndefined({ platform }),
      args: { ...onBaseArguments(settings, baseImage), ...args },
    });
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

/** An image made from the verifier's for the stand-ins of this machine. */
export interface LocalVerifier {
  readonly tag: string;
  /** The verifier's image. */
  readonly from: string;
  readonly signerEndpoint: string;
  readonly rootPem: string;
}

/**
 * Derives an image that talks HTTP to registries, asks the stand-in Signer and trusts its root: by a script around the
 * notation process and by another file in the trust store, because the verifier's image has no switch for it.
 */
export async function buildLocalVerifier(engine: Engine, local: LocalVerifier): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), "local-verifier-"));
  const script = join(context, "notation-verifier");
  const real = "/opt/ecs-image-verification/real-notation-verifier";
  try {
    await writeFile(script, `#!/bin/sh\nexec ${real} "$@" --plain-http --signer-endpoint ${local.signerEndpoint}\n`);
    await chmod(script, 0o755);
    await writeFile(join(context, "root.crt"), local.rootPem, { mode: 0o644 });
    await cp(LOCAL_VERIFIER, join(context, "Dockerfile"));
    await buildImage(engine, {
      context,
      dockerfile: join(context, "Dockerfile"),
      tag: local.tag,
      args: { VERIFIER: local.from },
    });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}
