import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { copyImage } from "../../../../components/sample/copy-image";
import { type Listening, listenOnLoopback } from "../../../../local/listen";

const sha256 = (content: Buffer) => `sha256:${createHash("sha256").update(content).digest("hex")}`;
const json = (value: object) => Buffer.from(JSON.stringify(value));

interface Registry extends Listening {
  readonly url: string;
  /** What it holds, by path. */
  readonly content: Map<string, Buffer>;
  /** Each request: method, path, whether it was authorized. */
  readonly requests: readonly string[];
}

/**
 * A registry that wants `authorization`; with `challenge` it says where a token for it can be had. As ECR with immutable
 * tags it refuses a manifest under a tag that is there, even the same one (containers-roadmap #2179, #2380).
 */
async function startRegistry(authorization: string, challenge = false): Promise<Registry> {
  const content = new Map<string, Buffer>();
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
    if (url.pathname === "/token") return response.end('{"token":"anonymous"}');
    requests.push(`${request.method} ${url.pathname}`);
    if (request.headers.authorization !== authorization) {
      const realm = `Bearer realm="${url.origin}/token",service="registry",scope="aws"`;
      return response.writeHead(401, challenge ? { "www-authenticate": realm } : {}).end("who are you?");
    }
    if (request.method === "POST") return response.writeHead(202, { location: `${url.pathname}1?state=x` }).end();
    if (request.method === "PUT") {
      const digest = url.searchParams.get("digest");
      if (digest === null && content.has(url.pathname)) return response.writeHead(400).end("TAG_INVALID: immutable");
      content.set(digest === null ? url.pathname : url.pathname.replace("uploads/1", digest), body);
      if (digest === null) content.set(url.pathname.replace(/[^/]+$/, sha256(body)), body);
      return response.writeHead(201).end();
    }
    const found = content.get(url.pathname);
    if (found === undefined) return response.writeHead(404).end("not here");
    response.writeHead(200, { "content-type": mediaTypeOf(found) }).end(found);
  });
  const listening = await listenOnLoopback(server);
  return { ...listening, url: `http://${listening.address}`, content, requests };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function mediaTypeOf(content: Buffer): string {
  return content.toString().startsWith("{") ? (JSON.parse(content.toString()).mediaType ?? "text/plain") : "text/plain";
}

/** An index with one image of one layer. */
function putImage(
  { content }: Registry,
  repository: string,
  layer = "a layer",
): { readonly digest: string; readonly parts: number } {
  const put = (kind: string, one: Buffer) => {
    content.set(`/v2/${repository}/${kind}/${sha256(one)}`, one);
    return { mediaType: mediaTypeOf(one), digest: sha256(one), size: one.length };
  };
  const config = put("blobs", json({ mediaType: "application/vnd.oci.image.config.v1+json" }));
  const layers = [put("blobs", Buffer.from(layer))];
  const image = put("manifests", json({ mediaType: "application/vnd.oci.image.manifest.v1+json", config, layers }));
  const index = json({ mediaType: "application/vnd.oci.image.index.v1+json", manifests: [image] });
  content.set(`/v2/${repository}/manifests/latest`, index);
  return { digest: put("manifests", index).digest, parts: 4 };
}

describe("copying the sample image", () => {
  const BASIC = `Basic ${Buffer.from("AWS:password").toString("base64")}`;
  let from: Registry;
  let to: Registry;

  beforeEach(async () => {
    [from, to] = await Promise.all([startRegistry("Bearer anonymous", true), startRegistry(BASIC)]);
  });

  afterEach(async () => {
    await Promise.all([from.close(), to.close()]);
  });

  function copy(
    reference: { readonly tag?: string; readonly digest?: string } = { tag: "latest" },
    password = "password",
  ) {
    const source = { access: { url: from.url, tokens: new Map<string, string>() }, repository: "public/sample" };
    const access = { url: to.url, tokens: new Map<string, string>(), credentials: { username: "AWS", password } };
    const image = { registry: "unused", repository: "public/sample", ...reference };
    return copyImage(source, image, { access, repository: "own/sample" }, "demo-app");
  }

  it("copies the index and all it names, with the digest it had", async () => {
    const { digest } = putImage(from, "public/sample");

    const copied = await copy();

    assert.equal(copied, digest);
    const renamed = [...from.content.keys()].map((path) =>
      path.replace("/public/", "/own/").replace("latest", "demo-app"),
    );
    assert.deepEqual([...to.content.keys()].sort(), renamed.sort());
    assert.deepEqual(
      to.content.get("/v2/own/sample/manifests/demo-app"),
      from.content.get("/v2/public/sample/manifests/latest"),
    );
  });

  it("leaves alone what is there with the same digest", async () => {
    const { digest } = putImage(from, "public/sample");
    await copy();
    const [asked, before] = [from.requests.length, to.requests.length];

    const again = await copy();

    assert.equal(again, digest);
    assert.deepEqual(
      to.requests.slice(before).filter((line) => !line.startsWith("HEAD ")),
      [],
    );
    assert.equal(from.requests.slice(asked).filter((line) => line.includes("/blobs/")).length, 0);
  });

  it("goes on where a copy was broken off: the tag comes last", async () => {
    const { digest } = putImage(from, "public/sample");
    await copy();
    to.content.delete("/v2/own/sample/manifests/demo-app");
    to.content.delete(`/v2/own/sample/manifests/${digest}`);

    assert.equal(await copy(), digest);

    assert.ok(to.content.has("/v2/own/sample/manifests/demo-app"));
  });

  it("leaves a tag that stands for an earlier image, and copies the new one by its digest", async () => {
    putImage(from, "public/sample");
    await copy();
    const earlier = to.content.get("/v2/own/sample/manifests/demo-app");
    const { digest } = putImage(from, "public/sample", "another layer");

    assert.equal(await copy(), digest);

    assert.deepEqual(to.content.get("/v2/own/sample/manifests/demo-app"), earlier);
    assert.ok(to.content.has(`/v2/own/sample/manifests/${digest}`));
  });

  it("refuses content that is not of the digest it was asked for by", async () => {
    const { digest } = putImage(from, "public/sample");
    from.content.set(
      `/v2/public/sample/manifests/${digest}`,
      json({ mediaType: "application/vnd.oci.image.index.v1+json" }),
    );

    await assert.rejects(copy({ digest }), /gave content of sha256:/);
    assert.equal(to.content.size, 0);
  });

  it("says which call was refused", async () => {
    putImage(from, "public/sample");

    await assert.rejects(
      copy({ tag: "latest" }, "wrong"),
      /HEAD http:\/\/127\.0\.0\.1:\d+\/v2\/own\/sample\/manifests\/.*: 401/,
    );
  });
});
