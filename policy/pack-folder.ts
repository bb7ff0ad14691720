/** The folder of the pack: this one, or the bundle's in the standalone pack. Configured files are relative to it. */
export const packFolder = __dirname;
