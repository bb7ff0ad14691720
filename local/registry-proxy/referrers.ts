import { type Descriptor, sha256 } from "../descriptor";
import { only, paths } from "./conditions";
import type { Rule } from "./exchange";

const indexMediaType = "application/vnd.oci.image.index.v1+json";
const signatureArtifactType = "application/vnd.cncf.notary.signature";

/**
 * Answers the referrers API with endless pages: each has a Link to the next one, and `entriesPerPage` entries that look
 * like signatures but do not exist. With 0, every page is empty.
 */
export function endlessReferrers(entriesPerPage: number): Rule {
  return only({ origin: "registry", method: "GET", path: paths.referrers }, async (request) => {
    const url = new URL(request.path, "http://registry.invalid");
    const page = Number(url.searchParams.get("page") ?? "0");
    url.searchParams.set("page", String(page + 1));
    const manifests = Array.from({ length: entriesPerPage }, (_, index) => junkEntry(`${page}/${index}`));
    return {
      status: 200,
      headers: { "content-type": indexMediaType, link: `<${url.pathname}${url.search}>; rel="next"` },
      body: JSON.stringify({ schemaVersion: 2, mediaType: indexMediaType, manifests }),
    };
  });
}

function junkEntry(seed: string): Descriptor & { artifactType: string } {
  return {
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest: sha256(`junk referrer ${seed}`),
    size: 700,
    artifactType: signatureArtifactType,
  };
}
