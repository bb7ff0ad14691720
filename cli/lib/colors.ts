import picocolors from "picocolors";

/** Colours for a stream: on a terminal, unless NO_COLOR says otherwise. In CI picocolors would colour pipes as well. */
export function colorsFor({ isTTY = false }: { readonly isTTY?: boolean }) {
  return picocolors.createColors(isTTY && picocolors.isColorSupported);
}
