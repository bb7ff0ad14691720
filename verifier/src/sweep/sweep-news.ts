import { isBad } from "../verification/verdict";
import type { RunState } from "./run-state";
import { placeKey } from "./running-images";
import type { SweptImage, SweptPlace } from "./swept-image";

/** A launch within this time before the sweep may not have been judged yet, in milliseconds. */
export const LAUNCHING_MS = 10 * 60_000;

/**
 * Whether a sweep has found something new about an image: another verdict than before, or a bad one of an image that did not
 * run at the sweep before. What could not be found out is news when it could not be found out twice in a row.
 *
 * @param known What an earlier sweep knew of it.
 */
export function isNews(
  image: SweptImage,
  known: SweptImage | undefined,
  { previousRun }: Pick<RunState, "previousRun">,
): boolean {
  if (image.status === "inconclusive") {
    return known?.status === "inconclusive" && known.openSince === known.run;
  }
  const { before } = image;
  // One that was gone in the meantime is looked at as new: what was told of it then is forgotten.
  const wasGone = known !== undefined && previousRun !== undefined && known.run < previousRun;
  if (before === undefined || wasGone) return isBad(image.status) || (before !== undefined && isOther(image, before));
  return isOther(image, before);
}

/** Whether it is denied, and was not when a sweep last found out. */
export function isNewlyDenied(image: SweptImage): boolean {
  return image.status === "denied" && image.since === image.run && image.before?.status !== "denied";
}

/** The places of a bad image at which the sweep before did not find it, without those whose launch is on its way. */
export function newPlaces(
  { status, run }: Pick<SweptImage, "status" | "run">,
  places: readonly SweptPlace[],
  known: SweptImage | undefined,
): readonly SweptPlace[] {
  // Of an image with more places than are kept it is not known which are new.
  if (status !== "denied" || known === undefined || known.morePlaces > 0) return [];
  const there = new Set(known.places.map(placeKey));
  const until = Date.parse(run) - LAUNCHING_MS;
  return places.filter((place) => !there.has(placeKey(place)) && Date.parse(place.task.createdAt) <= until);
}

function isOther(image: SweptImage, before: NonNullable<SweptImage["before"]>): boolean {
  return before.status !== image.status || before.code !== image.code;
}
