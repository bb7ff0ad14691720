import type { ResolvedTrustDocument } from "../../trust/expand";
import type { Behaviour } from "./behaviour";

/** How the verifier behaves and whom it trusts. Added to its image at build time. */
export interface Settings extends Behaviour {
  readonly trust: ResolvedTrustDocument;
}
