import { readdir, readFile } from "node:fs/promises";

/** The processes whose environment has such a text, by their command lines. None where the system does not show it. */
export async function processesWith(text: string): Promise<readonly string[]> {
  const ids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = ids.map(async (id) => {
    const [environment, command] = await Promise.all(
      ["environ", "cmdline"].map((file) => readFile(`/proc/${id}/${file}`, "utf8").catch(() => "")),
    );
    return environment?.split("\0").includes(text) ? [`${id} ${command?.replaceAll("\0", " ")}`] : [];
  });
  return (await Promise.all(found)).flat();
}
