import { createHash } from "node:crypto";
import * as z from "zod";
import type { GoBuild, GoModule } from "../go-modules";

const propertySchema = z.looseObject({ name: z.string() });
const componentSchema = z.looseObject({ "bom-ref": z.string(), properties: z.array(propertySchema).default([]) });

/** What is used of a CycloneDX document; all else is handed on. */
const bomSchema = z.looseObject({
  metadata: z.looseObject({ component: componentSchema }),
  components: z.array(componentSchema),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })),
});
type Bom = z.infer<typeof bomSchema>;

/** A Go program of the release. */
export interface ReleasedProgram {
  readonly name: string;
  readonly build: GoBuild;
}

export interface SbomParts {
  /** Name and version of the npm package. */
  readonly name: string;
  readonly version: string;
  /** What `npm sbom` says in CycloneDX JSON, with the packages that are needed for development only. */
  readonly npm: unknown;
  /** The packages, `name@version`, of which parts are in the package's own bundle; npm may call them development packages. */
  readonly bundled: readonly string[];
  readonly programs: readonly ReleasedProgram[];
  readonly date: Date;
}

/** How npm marks a package that only development needs. */
const DEVELOPMENT = "cdx:npm:package:development";

/**
 * The bill of materials of a release, in CycloneDX JSON: the npm package with all that it depends on or has bundled, and each
 * program with the Go modules that are linked into it. The same release gives the same bytes.
 */
export function toSbom({ name, version, npm, bundled, programs, date }: SbomParts): object {
  const bom = bomSchema.parse(npm);
  const packages = shippedPackages(bom, bundled);
  const root = bom.metadata.component["bom-ref"];
  const shipped = new Set([root, ...packages.map((one) => one["bom-ref"])]);
  const own = new Set(programs.map(refOf));
  const linked = new Map(programs.flatMap(({ build }) => modulesOf(build)).map((one) => [one["bom-ref"], one]));
  const document = {
    ...bom,
    metadata: {
      ...bom.metadata,
      timestamp: date.toISOString(),
      lifecycles: [{ phase: "build" }],
      // npm takes the name of the folder.
      component: { ...bom.metadata.component, type: "application", name },
    },
    components: [
      ...packages,
      ...programs.map((program) => ({ type: "application", "bom-ref": refOf(program), name: program.name, version })),
      ...linked.values(),
    ],
    dependencies: [
      ...bom.dependencies
        .filter(({ ref }) => shipped.has(ref))
        .map(({ ref, dependsOn }) => ({
          ref,
          dependsOn: [...dependsOn.filter((other) => shipped.has(other)), ...(ref === root ? own : [])],
        })),
      ...programs.map((program) => ({
        ref: refOf(program),
        dependsOn: modulesOf(program.build).map((one) => one["bom-ref"]),
      })),
    ],
  };
  return { ...document, serialNumber: serialNumber({ ...document, serialNumber: "" }) };
}

/** The packages that whoever installs the release gets, in the bundle or beside it. */
function shippedPackages({ components }: Bom, bundled: readonly string[]): Bom["components"] {
  const isOnlyForDevelopment = ({ properties }: Bom["components"][number]) =>
    properties.some((property) => property.name === DEVELOPMENT);
  const inBundle = new Set(bundled);
  return components
    .filter((one) => !isOnlyForDevelopment(one) || inBundle.has(one["bom-ref"]))
    .map((one) => ({
      ...one,
      ...(inBundle.has(one["bom-ref"]) ? { scope: "required" } : {}),
      properties: one.properties.filter((property) => property.name !== DEVELOPMENT),
    }));
}

function refOf({ name }: ReleasedProgram): string {
  return `program:${name}`;
}

/** The modules of a program, and Go's standard library, by the name that databases of vulnerabilities have for it. */
function modulesOf({ goVersion, modules }: GoBuild) {
  return [{ path: "std", version: `v${goVersion}` }, ...modules].map(moduleComponent);
}

function moduleComponent({ path, version }: GoModule) {
  const purl = `pkg:golang/${path}@${encodeURIComponent(version)}`;
  return { type: "library", "bom-ref": purl, name: path, version, purl };
}

/** A UUID that is made from the document, in the place of a random one. */
function serialNumber(document: object): string {
  const hex = createHash("sha256").update(JSON.stringify(document)).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(18, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${parts.join("-")}`;
}
