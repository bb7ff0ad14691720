import { isBad } from "../verification/verdict";
import type { SweptImage } from "./swept-image";

/**
 * Whether a sweep has found something new about an image: another verdict than before, or a bad one of an image that was not
 * known. What could not be found out is news when it could not be found out twice in a row.
 */
export function isNews(image: SweptImage, previous: SweptImage | undefined): boolean {
  if (image.status === "inconclusive") {
    return previous?.status === "inconclusive" && image.since === previous.since && previous.since === previous.run;
  }
  const { before } = image;
  return before === undefined ? isBad(image.status) : before.status !== image.status || before.code !== image.code;
}

/** Whether it is denied, and was not when a sweep last found out. */
export function isNewlyDenied(image: SweptImage): boolean {
  return image.status === "denied" && image.since === image.run && image.before?.status !== "denied";
}
