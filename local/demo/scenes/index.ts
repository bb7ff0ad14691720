import type { Scene } from "../scene";
import { approved } from "./approved";
import { blocked } from "./blocked";
import { exempted } from "./exempt";
import { crashLoop, expired, otherTeam, registryNotAllowed, tampered, unsigned, unsignedService } from "./refused";
import { multiPlatform, revokedWhileRunning, signedByDigest, signedByTag, signerDown, tagMoved } from "./signed";

/** The scenes in the order in which they run, one after the other: some change the shared Signer. */
export const SCENES: readonly Scene[] = [
  signedByDigest,
  signedByTag,
  tagMoved,
  multiPlatform,
  unsigned,
  unsignedService,
  crashLoop,
  otherTeam,
  approved,
  tampered,
  expired,
  revokedWhileRunning,
  registryNotAllowed,
  exempted,
  blocked,
  signerDown,
];
