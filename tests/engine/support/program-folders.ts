/** The folders of programs, by stack. A provider runs in the folder of the program that it serves. */
const folders = new Map<string, string>();

/** Says where the program of a stack runs. */
export function runsIn(stack: string, folder: string): void {
  folders.set(stack, folder);
}

/** Where the program of a resource's stack runs. Default: here, for an inline program of this process. */
export function programFolder(urn: string): string {
  const stack = /^urn:pulumi:([^:]+)::/.exec(urn)?.[1] ?? "";
  return folders.get(stack) ?? process.cwd();
}

export function forgetFolders(): void {
  folders.clear();
}
