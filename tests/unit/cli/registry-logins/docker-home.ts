import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeNodeProgram } from "../../../support/executables";

/** A folder for Docker's configuration, and one for helpers, which is all of the PATH. */
export interface DockerHome {
  readonly env: NodeJS.ProcessEnv;
  /** The configuration file. */
  readonly file: string;
  /** Writes the configuration: text as it stands, anything else as JSON. */
  write(config: unknown): void;
  /** Writes the helper `docker-credential-<name>`: the body of a Node program, with the server's name in `server`. */
  helper(name: string, body: string): Promise<void>;
}

/** Makes one for each test of a `describe`. */
export function useDockerHome(): () => DockerHome {
  let home: (DockerHome & { readonly folder: string }) | undefined;
  beforeEach(() => {
    const folder = mkdtempSync(join(tmpdir(), "docker-home-"));
    const [docker, bin] = [join(folder, "docker"), join(folder, "bin")];
    mkdirSync(docker);
    const file = join(docker, "config.json");
    home = {
      folder,
      env: { DOCKER_CONFIG: docker, PATH: bin },
      file,
      write: (config) => writeFileSync(file, typeof config === "string" ? config : JSON.stringify(config)),
      helper: async (name, body) => {
        const program = `const server = require("node:fs").readFileSync(0, "utf8");\n${body}`;
        await writeNodeProgram(join(bin, `docker-credential-${name}`), program);
      },
    };
  });
  afterEach(() => {
    if (home !== undefined) rmSync(home.folder, { recursive: true, force: true });
  });
  return () => {
    if (home === undefined) throw new Error("The folder is there only while tests run.");
    return home;
  };
}

/** What `docker login` writes into `auths`. */
export function toAuth(username: string, password: string): { readonly auth: string } {
  return { auth: Buffer.from(`${username}:${password}`).toString("base64") };
}
