import { arch, platform, release } from "node:os";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import { version } from "../package.json";
import type { Versions } from "./report";

/** The versions used in an acceptance test. */
export function readVersions({ version: pulumi }: PulumiCommand, commit: string): Versions {
  return {
    tool: version,
    commit,
    node: process.versions.node,
    pulumi: pulumi?.toString() ?? "unknown",
    machine: `${platform()} ${release()}, ${arch()}`,
  };
}
