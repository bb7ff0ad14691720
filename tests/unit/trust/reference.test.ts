import assert from "node:assert/strict";
import {
  formatReference,
  parseReference,
  ReferenceInvalidError,
  readReference,
  repositoryName,
} from "../../../trust/reference";
import { digest } from "./documents";

const sha512 = `sha512:${"0".repeat(128)}`;

function reasonOf(text: string): string {
  const reference = readReference(text);
  return reference instanceof ReferenceInvalidError ? reference.reason : assert.fail(`${text} was accepted`);
}

describe("parseReference", () => {
  const canonical: readonly (readonly [string, string])[] = [
    ["nginx", "docker.io/library/nginx:latest"],
    ["nginx:1.27", "docker.io/library/nginx:1.27"],
    ["team/app", "docker.io/team/app:latest"],
    ["docker.io/nginx", "docker.io/library/nginx:latest"],
    ["index.docker.io/nginx", "docker.io/library/nginx:latest"],
    ["index.docker.io/team/app:1", "docker.io/team/app:1"],
    ["Docker.IO/nginx", "docker.io/library/nginx:latest"],
    ["localhost/app", "localhost/app:latest"],
    ["localhost:5000", "docker.io/library/localhost:5000"],
    ["localhost:5000/app", "localhost:5000/app:latest"],
    ["registry:5000/app:1", "registry:5000/app:1"],
    ["Registry.Example.com/team/app", "registry.example.com/team/app:latest"],
    ["127.0.0.1:8080/app", "127.0.0.1:8080/app:latest"],
    ["[::1]/app", "[::1]/app:latest"],
    ["[FE80::1]:5000/app:1", "[fe80::1]:5000/app:1"],
    [`nginx@${digest}`, `docker.io/library/nginx@${digest}`],
    [`nginx@${sha512}`, `docker.io/library/nginx@${sha512}`],
    [`r.example.com/a/b:v1@${digest}`, `r.example.com/a/b:v1@${digest}`],
    ["r.example.com/a.b/c_d/e__f/g---h", "r.example.com/a.b/c_d/e__f/g---h:latest"],
    ["r.example.com/app:_", "r.example.com/app:_"],
    [`r.example.com/app:${"t".repeat(128)}`, `r.example.com/app:${"t".repeat(128)}`],
    ["r.example.com:65535/app", "r.example.com:65535/app:latest"],
  ];
  for (const [text, expected] of canonical) {
    it(`reads ${text.slice(0, 60)} as Docker does`, () => {
      assert.equal(formatReference(parseReference(text)), expected);
    });
  }

  it("takes a reference apart", () => {
    assert.deepEqual(parseReference(`r.example.com/team/app:v1@${digest}`), {
      registry: "r.example.com",
      repository: "team/app",
      tag: "v1",
      digest,
    });
  });

  it("gives no tag to a reference that has only a digest", () => {
    assert.deepEqual(parseReference(`app@${digest}`), { registry: "docker.io", repository: "library/app", digest });
  });

  const repositoryGrammar =
    "its repository may only have lower-case letters and digits, separated by one of . _ __ - and by /.";
  const digestGrammar = "its digest must be sha256: with 64 or sha512: with 128 hexadecimal characters (0-9 and a-f).";
  const digestOf = (algorithm: string, length: number, found: number | string) =>
    `the digest must have ${length} hexadecimal characters (0-9 and a-f) after ${algorithm}:, but has ${found}.`;
  const tagGrammar = "its tag must be 1 to 128 letters, digits, . _ or -, and must not start with . or -.";
  const unprintable = "it has white space, a control character or a character outside ASCII.";
  const port = (host: string) => `its registry "${host}" is not a host: its port is not a number from 1 to 65535.`;
  const refused: readonly (readonly [string, string])[] = [
    ["", "it is empty."],
    ["a".repeat(601), "it is longer than 600 characters."],
    [" nginx", unprintable],
    ["nginx\n", unprintable],
    ["ngi nx", unprintable],
    ["nginx\u0000", unprintable],
    ["r.example.com/\u0430pp", unprintable],
    ["https://r.example.com/app", "it has a scheme; write registry/repository without it."],
    ["f".repeat(64), "64 hexadecimal digits are an image ID; write repository@sha256:<digest>."],
    ["Nginx", "its repository has upper-case letters; only lower case is allowed."],
    ["Team/app", "its repository has upper-case letters; only lower case is allowed."],
    ["r.example.com/Team/app", "its repository has upper-case letters; only lower case is allowed."],
    ["r.example.com/", repositoryGrammar],
    ["r.example.com//app", repositoryGrammar],
    ["/app", repositoryGrammar],
    ["r.example.com/../app", repositoryGrammar],
    ["r.example.com/a..b", repositoryGrammar],
    ["r.example.com/a___b", repositoryGrammar],
    ["r.example.com/-a", repositoryGrammar],
    ["r.example.com/a?b", repositoryGrammar],
    ["team/*", repositoryGrammar],
    ["app:", tagGrammar],
    ["app:.a", tagGrammar],
    ["app:a:b", tagGrammar],
    [`app:${"t".repeat(129)}`, tagGrammar],
    ["app@", digestGrammar],
    ["app@sha256:abc", digestOf("sha256", 64, 3)],
    ["app@sha256:...", digestOf("sha256", 64, 3)],
    ["app@sha256:<digest>", digestOf("sha256", 64, 8)],
    [`app@sha512:${"a".repeat(64)}`, digestOf("sha512", 128, 64)],
    [`app@sha256:${"A".repeat(64)}`, digestOf("sha256", 64, "others")],
    [`app@md5:${"a".repeat(32)}`, digestGrammar],
    [`app@${digest}@${digest}`, digestOf("sha256", 64, 136)],
    ["r.example.com:/app", port("r.example.com:")],
    ["r.example.com:0/app", port("r.example.com:0")],
    ["r.example.com:0443/app", port("r.example.com:0443")],
    ["r.example.com:65536/app", port("r.example.com:65536")],
    ["r.example.com:x/app", port("r.example.com:x")],
    ["a:b:1/app", port("a:b:1")],
    ["[::1]:0/app", port("[::1]:0")],
    [":5000/app", 'its registry ":5000" is not a host: it is empty.'],
    ["-a.example.com/app", 'its registry "-a.example.com" is not a host: it is neither a DNS name nor an IP address.'],
    [
      "a_b.example.com/app",
      'its registry "a_b.example.com" is not a host: it is neither a DNS name nor an IP address.',
    ],
    ["example.com./app", 'its registry "example.com." is not a host: it is neither a DNS name nor an IP address.'],
    ["user.name@r.example.com/app", digestGrammar],
    ["999.1.1.1/app", 'its registry "999.1.1.1" is not a host: it is not a valid IPv4 address.'],
    ["1.2.3/app", 'its registry "1.2.3" is not a host: it is not a valid IPv4 address.'],
    ["[::1/app", 'its registry "[::1" is not a host: its IPv6 address has no closing "]".'],
    ["[::g]/app", 'its registry "[::g]" is not a host: it has no valid IPv6 address between [ and ].'],
    ["[1:2]/app", 'its registry "[1:2]" is not a host: it has no valid IPv6 address between [ and ].'],
    ["[::1]5000/app", 'its registry "[::1]5000" is not a host: only a port may follow the IPv6 address.'],
    [`r.example.com/${"a".repeat(242)}`, "registry/repository is longer than 255 characters."],
  ];
  for (const [text, reason] of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}: ${reason}`, () => {
      assert.equal(reasonOf(text), reason);
    });
  }

  it("throws what readReference gives for a text that is none", () => {
    const problem = readReference("UPPER/case");
    assert.ok(problem instanceof ReferenceInvalidError);
    assert.throws(() => parseReference("UPPER/case"), { name: problem.name, message: problem.message });
  });

  it("accepts a registry/repository of exactly 255 characters", () => {
    const reference = parseReference(`r.example.com/${"a".repeat(241)}`);
    assert.equal(repositoryName(reference).length, 255);
  });

  it("names the text in the message, with nothing in it that could break a line", () => {
    assert.throws(() => parseReference('a\r\n"\u202eb'), {
      name: "ReferenceInvalidError",
      message:
        '"a\\r\\n\\"\\u{202e}b" is not an image reference: it has white space, a control character or a character outside ASCII.',
    });
  });

  it("shortens a long text in the message and keeps it whole in the error", () => {
    const text = "a".repeat(100_000);
    assert.throws(
      () => parseReference(text),
      (error: unknown) =>
        error instanceof ReferenceInvalidError && error.message.length < 300 && error.reference === text,
    );
  });
});
