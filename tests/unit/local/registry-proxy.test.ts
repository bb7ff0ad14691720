import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import { type Listening, listenOnLoopback } from "../../../local/listen";
import {
  answer,
  challengeBearer,
  delay,
  endlessReferrers,
  hang,
  hugeBody,
  only,
  paths,
  type RegistryProxy,
  type Rule,
  redirectBlobs,
  requireBasic,
  reset,
  rewrite,
  startRegistryProxy,
  times,
  trickle,
} from "../../../local/registry-proxy";

const blobPath = `/v2/team/app/blobs/sha256:${"c".repeat(64)}`;
const manifestPath = "/v2/team/app/manifests/v1";
const content = "the content of the registry";

describe("the registry proxy", () => {
  let received: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[];
  let registry: Listening;
  let proxy: RegistryProxy;

  beforeEach(async () => {
    received = [];
    registry = await listenOnLoopback(
      createServer(async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        received.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
        response.writeHead(200, {
          "content-type": "application/vnd.oci.image.manifest.v1+json",
          "content-length": content.length,
          "docker-content-digest": "sha256:real",
        });
        response.end(request.method === "HEAD" ? undefined : content);
      }),
    );
    proxy = await startRegistryProxy({ target: registry.address });
  });

  afterEach(async () => {
    await proxy.close();
    await registry.close();
  });

  function get(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`http://${proxy.address}${path}`, { redirect: "manual", ...init });
  }

  async function hasArrived(): Promise<void> {
    while (proxy.requests.length === 0) await new Promise(setImmediate);
  }

  describe("without rules", () => {
    it("passes requests and answers on as they are", async () => {
      const response = await get(`${manifestPath}?a=b`, { method: "PUT", body: "a manifest" });

      assert.equal(await response.text(), content);
      assert.equal(response.headers.get("docker-content-digest"), "sha256:real");
      const [request] = received;
      assert.deepEqual(
        [request?.method, request?.url, request?.body],
        ["PUT", "/v2/team/app/manifests/v1?a=b", "a manifest"],
      );
      assert.equal(request?.headers.host, proxy.address);
    });

    it("answers HEAD with the registry's headers", async () => {
      const response = await get(manifestPath, { method: "HEAD" });

      assert.equal(response.headers.get("content-length"), String(content.length));
      assert.equal(response.headers.get("content-type"), "application/vnd.oci.image.manifest.v1+json");
    });

    it("keeps credentials from the registry and records only that there were some", async () => {
      await get(manifestPath, { headers: { authorization: "Basic c2VjcmV0" } });

      assert.equal(received[0]?.headers.authorization, undefined);
      assert.deepEqual(proxy.requests, [
        { origin: "registry", method: "GET", path: manifestPath, host: proxy.address, authorization: "Basic" },
      ]);
    });

    it("ends the connection when the registry has gone", async () => {
      await registry.close();

      await assert.rejects(get(manifestPath));
    });
  });

  describe("that asks who is there", () => {
    it("challenges for Basic credentials and takes only the right ones", async () => {
      proxy.behave(requireBasic({ username: "AWS", password: "token" }));
      const authorization = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });

      const without = await get(manifestPath);
      const wrong = await get(manifestPath, { headers: authorization("AWS:other") });
      const right = await get(manifestPath, { headers: authorization("AWS:token") });

      assert.equal(
        without.headers.get("www-authenticate"),
        `Basic realm="http://${proxy.address}/",service="registry"`,
      );
      assert.deepEqual([without.status, wrong.status, right.status], [401, 401, 200]);
      assert.equal(received.length, 1);
    });

    it("names any realm for bearer tokens, its own second origin too", async () => {
      const realm = `http://${proxy.blobAddress}/token`;
      proxy.behave(
        challengeBearer({ realm, scope: "repository:team/app:pull" }),
        only({ origin: "blobs", path: /^\/token/ }, answer(200, { body: '{"token":"t"}' })),
      );

      const challenged = await get(manifestPath);
      const token = await fetch(realm, { headers: { authorization: "Basic c2VjcmV0" } });
      const allowed = await get(manifestPath, { headers: { authorization: "Bearer t" } });

      assert.equal(
        challenged.headers.get("www-authenticate"),
        `Bearer realm="${realm}",service="registry",scope="repository:team/app:pull"`,
      );
      assert.deepEqual([challenged.status, token.status, allowed.status], [401, 200, 200]);
      assert.deepEqual(
        proxy.requests.map(({ origin, authorization }) => [origin, authorization]),
        [
          ["registry", undefined],
          ["blobs", "Basic"],
          ["registry", "Bearer"],
        ],
      );
    });
  });

  describe("that redirects blobs", () => {
    it("sends GETs of blobs to the other origin, which asks for no credentials", async () => {
      proxy.behave(requireBasic({ username: "AWS", password: "token" }), redirectBlobs());
      const headers = { authorization: `Basic ${Buffer.from("AWS:token").toString("base64")}` };

      const redirected = await get(blobPath, { headers });
      const location = redirected.headers.get("location") ?? "";
      const blob = await fetch(location);

      assert.equal(redirected.status, 307);
      assert.equal(new URL(location).host, proxy.blobAddress);
      assert.equal(await blob.text(), content);
      assert.equal((await get(manifestPath, { headers })).status, 200);
      assert.equal((await get(blobPath, { method: "HEAD", headers })).status, 200);
    });

    it("shows credentials that arrive at the other origin, and refuses them as S3 does", async () => {
      proxy.behave(redirectBlobs("localhost"));
      const location = new URL((await get(blobPath)).headers.get("location") ?? "");

      const response = await fetch(`http://${proxy.blobAddress}${location.pathname}`, {
        headers: { authorization: "Basic c2VjcmV0" },
      });

      assert.equal(location.hostname, "localhost");
      assert.equal(response.status, 400);
      assert.deepEqual(
        proxy.requests.map(({ origin, authorization }) => [origin, authorization]),
        [
          ["registry", undefined],
          ["blobs", "Basic"],
        ],
      );
    });
  });

  describe("that fails", () => {
    it("answers with a status and headers, so many times", async () => {
      proxy.behave(times(2, answer(429, { headers: { "retry-after": "1" } })));

      const responses = [await get(manifestPath), await get(manifestPath), await get(manifestPath)];

      assert.deepEqual(
        responses.map(({ status }) => status),
        [429, 429, 200],
      );
      assert.equal(responses[0]?.headers.get("retry-after"), "1");
      assert.deepEqual(await responses[0]?.json(), {
        errors: [{ code: "TOOMANYREQUESTS", message: "answer 429 of the stand-in" }],
      });
    });

    it("fails only where it should, and counts only that", async () => {
      proxy.behave(only({ method: /HEAD|GET/, path: paths.blobs }, times(1, answer(500))));

      assert.equal((await get(manifestPath)).status, 200);
      assert.equal((await get(blobPath)).status, 500);
      assert.equal((await get(blobPath)).status, 200);
    });

    it("resets connections", async () => {
      proxy.behave(reset);

      await assert.rejects(get(manifestPath), (error: Error) => /ECONNRESET|other side/.test(String(error.cause)));
    });

    it("never answers, and can be closed all the same", async () => {
      proxy.behave(hang);
      const request = assert.rejects(get(manifestPath));
      await hasArrived();

      await proxy.close();

      await request;
    });

    it("behaves otherwise as soon as it is told", async () => {
      proxy.behave(answer(503));
      assert.equal((await get(manifestPath)).status, 503);

      proxy.behave();
      assert.equal((await get(manifestPath)).status, 200);
    });
  });

  describe("that is slow", () => {
    it("makes each request wait", async () => {
      proxy.behave(delay(30));
      const started = performance.now();

      await get(manifestPath);

      assert.ok(performance.now() - started >= 29);
    });

    it("can be closed while requests wait", async () => {
      proxy.behave(delay(60_000));
      const request = assert.rejects(get(manifestPath));
      await hasArrived();

      await proxy.close();

      await request;
    });

    it("hands bodies out byte by byte", async () => {
      proxy.behave(trickle(1));

      const response = await get(manifestPath);

      const sizes: number[] = [];
      for await (const chunk of response.body ?? []) sizes.push(chunk.length);
      assert.equal(
        sizes.reduce((sum, size) => sum + size, 0),
        content.length,
      );
      assert.ok(sizes.length > 1);
    });
  });

  describe("that lies", () => {
    async function ask(rule: Rule): Promise<Response> {
      proxy.behave(rule);
      return get(manifestPath);
    }

    it("gives another body under the same digest, with the length of the body", async () => {
      const response = await ask(rewrite({ body: "other" }));

      assert.equal(await response.text(), "other");
      assert.equal(response.headers.get("content-length"), "5");
      assert.equal(response.headers.get("docker-content-digest"), "sha256:real");
    });

    it("gives other headers, or fewer", async () => {
      const response = await ask(
        rewrite({ headers: { "docker-content-digest": "sha256:lie", "content-type": undefined }, status: 203 }),
      );

      assert.equal(response.status, 203);
      assert.equal(response.headers.get("docker-content-digest"), "sha256:lie");
      assert.equal(response.headers.get("content-type"), null);
      assert.equal(await response.text(), content);
    });

    it("promises more bytes than come, and ends the connection", async () => {
      const response = await ask(rewrite({ headers: { "content-length": "1000" } }));

      assert.equal(response.headers.get("content-length"), "1000");
      await assert.rejects(response.text());
    });

    it("sends as much as it is told, without saying how much", async () => {
      const response = await ask(hugeBody(3_000_000, { "content-type": "application/json" }));

      assert.equal(response.headers.get("content-length"), null);
      assert.equal((await response.arrayBuffer()).byteLength, 3_000_000);
    });

    it("lists referrers without end", async () => {
      proxy.behave(endlessReferrers(3));
      const digests = new Set<string>();
      let path = "/v2/team/app/referrers/sha256:0?artifactType=x";

      for (let page = 0; page < 4; page += 1) {
        const response = await get(path);
        assert.equal(response.headers.get("content-type"), "application/vnd.oci.image.index.v1+json");
        const index = (await response.json()) as { manifests: { digest: string }[] };
        for (const { digest } of index.manifests) digests.add(digest);
        path = /^<(.*)>; rel="next"$/.exec(response.headers.get("link") ?? "")?.[1] ?? "";
        assert.match(path, /artifactType=x/);
      }

      assert.equal(digests.size, 12);
      assert.equal(received.length, 0);
    });
  });
});
