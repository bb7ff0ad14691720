import * as semver from "semver";

/** The first version in a text: "v3.259.0" is 3.259.0, "client 28.2" is 28.2.0. Undefined if there is none. */
export function versionIn(text: string): semver.SemVer | undefined {
  return semver.coerce(text) ?? undefined;
}

/** Whether a version satisfies a requirement such as `>=3.1.0 <4`; undefined for a form that only Pulumi itself reads. */
export function satisfies(version: semver.SemVer, requirement: string): boolean | undefined {
  return semver.validRange(requirement) === null ? undefined : semver.satisfies(version, requirement);
}
