/** The folder of the pack: this one, or that of the bundle in the standalone pack. Files that are configured stand beside it. */
export const packFolder = __dirname;
