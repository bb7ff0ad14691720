import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../package-root";
import type { GoPlatform } from "../go";
import { mergeBuilds, readGoBuild } from "../go-modules";
import { buildPackage, PROGRAMS } from "../package";
import { writeArchive } from "./archive";
import { sectionOf } from "./changelog";
import { writeChecksums } from "./checksums";
import { type Manifest, npmSbom, packagesOfNotices, packNpm, readManifest } from "./npm";
import { releaseNotes } from "./release-notes";
import { obstacles, type Revision, readRevision } from "./revision";
import { toSbom } from "./sbom";

/** The built package: its code, and the programs by their platforms. */
const LIB = join(PACKAGE_ROOT, "lib");

/** A release cannot be made from what is here. The message says what to do. */
export class ReleaseRefused extends Error {
  override readonly name = "ReleaseRefused";
}

export interface ReleaseOptions {
  /** Whether it is for trying out: from whatever is here. */
  readonly isSnapshot: boolean;
  readonly platforms: readonly GoPlatform[];
  /** Is told what is done now. */
  readonly say: (text: string) => void;
}

export interface ReleasedFile {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Makes all files of a release anew, in `dist/release`. The same commit, with the same versions of Go, Node.js and npm, gives
 * the same bytes.
 *
 * @throws {@link ReleaseRefused} if there is something that is not committed, or nothing in CHANGELOG.md about the version.
 */
export async function release({ isSnapshot, platforms, say }: ReleaseOptions): Promise<readonly ReleasedFile[]> {
  const folder = join(PACKAGE_ROOT, "dist/release");
  const manifest = await readManifest(PACKAGE_ROOT);
  const revision = await readRevision(PACKAGE_ROOT);
  const changelog = await readFile(join(PACKAGE_ROOT, "CHANGELOG.md"), "utf8");
  const problems = isSnapshot ? [] : obstacles(manifest, revision, changelog);
  if (problems.length > 0) {
    throw new ReleaseRefused([...problems, "To try out what is here, add --snapshot."].join("\n"));
  }

  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  say("Building the package and its programs...");
  await buildPackage({ platforms });
  say("Packing...");
  await packNpm(PACKAGE_ROOT, folder);
  for (const platform of platforms) await archivePrograms(folder, platform, manifest, revision);
  await writeSbom(folder, platforms, manifest, revision);
  const changes = sectionOf(changelog, manifest.version) ?? sectionOf(changelog, "Unreleased") ?? "";
  const { commit } = revision;
  await writeFile(join(folder, "release-notes.md"), releaseNotes({ changes, commit, isSnapshot }));
  await writeChecksums(folder);
  return listFiles(folder);
}

/** For those who use a program without npm. The stand-ins are apart: one of them has the name of AWS's plugin. */
async function archivePrograms(
  folder: string,
  platform: GoPlatform,
  { name, version }: Manifest,
  { date }: Revision,
): Promise<void> {
  const root = `${name}-programs-${version}-${platform.os}-${platform.processor}`;
  const [verifier, ...standIns] = PROGRAMS.map((program) => program.name);
  const executables = [
    ...(verifier === undefined ? [] : [{ name: verifier, program: verifier }]),
    ...standIns.map((program) => ({ name: `playground/${program}`, program })),
  ];
  const files = [
    ...executables.map((one) => ({ name: one.name, from: executableOf(platform, one.program), isExecutable: true })),
    { name: "LICENSE", from: join(PACKAGE_ROOT, "LICENSE") },
    { name: "THIRD-PARTY-NOTICES", from: join(LIB, "programs/THIRD-PARTY-NOTICES") },
  ];
  await writeArchive(join(folder, `${root}.tar.gz`), root, files, date);
}

async function writeSbom(
  folder: string,
  platforms: readonly GoPlatform[],
  { name, version }: Manifest,
  { date }: Revision,
): Promise<void> {
  const notices = await readFile(join(LIB, "verifier/dist/THIRD-PARTY-NOTICES"), "utf8");
  const programs = await Promise.all(
    PROGRAMS.map(async (program) => {
      const builds = await Promise.all(platforms.map((platform) => readGoBuild(executableOf(platform, program.name))));
      return { name: program.name, build: mergeBuilds(builds) };
    }),
  );
  const npm = await npmSbom(PACKAGE_ROOT);
  const sbom = toSbom({ name, version, npm, bundled: packagesOfNotices(notices), programs, date });
  await writeFile(join(folder, `${name}-${version}.cdx.json`), `${JSON.stringify(sbom, null, 2)}\n`);
}

function executableOf({ os, processor }: GoPlatform, name: string): string {
  return join(LIB, "programs", `${os}-${processor}`, name);
}

async function listFiles(folder: string): Promise<readonly ReleasedFile[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size })));
}
