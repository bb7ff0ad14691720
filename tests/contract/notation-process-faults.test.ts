import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VerificationFacts } from "../../verifier/src/notation/protocol";
import { type Notation, startNotation } from "../../verifier/src/notation/serve";
import { writeNodeProgram } from "../support/executables";
import { judgeByAnyone } from "./support/judge-by-anyone";

/** What the stand-ins for the process have in common: `ready` and `answer` write lines as the real one does. */
const prelude = `
const { createInterface } = require("node:readline");
const { writeFileSync, existsSync } = require("node:fs");
writeFileSync(__filename + ".pid", String(process.pid));
const say = (line) => process.stdout.write(JSON.stringify(line) + "\\n");
const ready = () => say({ ready: true, verifier: "1", notationGo: "1", orasGo: "1", go: "1", plugin: { name: "p", version: "1" } });
const answer = ({ id, reference }) => say({ id, reference, outcome: "no-signatures", signatures: [], pages: 0 });
const onRequest = (work) => createInterface({ input: process.stdin }).on("line", (line) => work(JSON.parse(line)));
`;

interface Started {
  readonly notation: Notation;
  /** The process id of its newest run. */
  readonly pid: () => Promise<number>;
}

const folder = mkdtempSync(join(tmpdir(), "notation-process-"));
let neverReady: Started & { readonly facts: Promise<VerificationFacts> };

// Hooks of the whole run: it takes twenty seconds until a process that says nothing is given up, and meanwhile the other
// files' tests run.
before(async () => {
  const silent = await start("setInterval(() => {}, 1000);");
  neverReady = { ...silent, facts: ask(silent.notation) };
});
after(async () => {
  await neverReady?.notation.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("contract: client of the notation process, with processes that misbehave", () => {
  let started: Notation[] = [];

  afterEach(async () => {
    await Promise.all(started.map((notation) => notation.stop()));
    started = [];
  });

  const startForTest = async (body: string): Promise<Started> => {
    const process = await start(body);
    started.push(process.notation);
    return process;
  };

  it("answers in any order -> each request gets its own", async () => {
    const { notation } = await startForTest(`
      const waiting = [];
      onRequest((request) => {
        waiting.unshift(request);
        if (waiting.length === 3) waiting.forEach(answer);
      });
      ready();`);
    const references = ["registry.test/a:1", "registry.test/b:1", "registry.test/c:1"];

    const facts = await Promise.all(references.map((reference) => ask(notation, reference)));

    assert.deepEqual(
      facts.map(({ reference, outcome }) => [reference, outcome]),
      references.map((reference) => [reference, "no-signatures"]),
    );
  });

  it("answers that nobody waits for -> ignored", async () => {
    const { notation } = await startForTest(`
      onRequest((request) => { answer({ ...request, id: "unknown" }); answer(request); answer(request); });
      ready();`);

    assert.equal((await ask(notation)).outcome, "no-signatures");
    assert.equal((await ask(notation)).outcome, "no-signatures");
  });

  it("ends in the middle -> every waiting request is answered verifier-failed, with its last words", async () => {
    const { notation } = await startForTest(`
      let count = 0;
      onRequest(() => { if (++count === 2) { console.error("out of memory"); process.exit(3); } });
      ready();`);

    const facts = await Promise.all([ask(notation), ask(notation)]);

    for (const fact of facts) {
      assert.equal(judgeByAnyone(fact).code, "verifier-failed");
      assert.match(judgeByAnyone(fact).detail, /ended with code 3.*out of memory/);
    }
  });

  it("ends before it is ready, then works -> the next request is answered", async () => {
    const { notation } = await startForTest(`
      if (!existsSync(__filename + ".second")) { writeFileSync(__filename + ".second", ""); process.exit(1); }
      onRequest(answer);
      ready();`);

    assert.equal(judgeByAnyone(await ask(notation)).code, "verifier-failed");
    assert.equal((await ask(notation)).outcome, "no-signatures");
  });

  const garbage = {
    "no JSON": 'process.stdout.write("garbage\\n");',
    "JSON of another kind": 'say({ hello: "world" });',
    "an answer that is not one": 'say({ id: "0", reference: "r", outcome: "splendid", signatures: [], pages: 0 });',
  };
  for (const [name, output] of Object.entries(garbage)) {
    it(`${name} in place of an answer -> verifier-failed with the reason, and it is ended`, async () => {
      const { notation, pid } = await startForTest(`onRequest(() => { ${output} }); ready();`);

      const facts = await ask(notation);

      assert.equal(judgeByAnyone(facts).code, "verifier-failed", facts.error?.detail);
      assert.match(judgeByAnyone(facts).detail, /its answer could not be parsed: .*(JSON|id|outcome)/);
      await isGone(pid);
    });

    it(`${name} in place of the ready line -> verifier-failed, and it is ended`, async () => {
      const { notation, pid } = await startForTest(`${output} setInterval(() => {}, 1000);`);

      const facts = await ask(notation);

      assert.equal(judgeByAnyone(facts).code, "verifier-failed", facts.error?.detail);
      await isGone(pid);
    });
  }

  it("not ready, with a reason -> verifier-misconfigured, naming the file", async () => {
    const { notation } = await startForTest(
      'say({ ready: false, file: "/config/trustpolicy.json", detail: "is missing" });',
    );

    const { code, detail } = judgeByAnyone(await ask(notation));

    assert.equal(code, "verifier-misconfigured");
    assert.match(detail, /\/config\/trustpolicy\.json: is missing/);
    await assert.rejects(notation.versions(), /is missing/);
  });

  it("cannot be started -> verifier-misconfigured, naming the executable", async () => {
    const executable = join(folder, "missing");
    const notation = startNotation({ executable, config: "/config", plugin: "/plugin", environment: {} });

    const { code, detail } = judgeByAnyone(await ask(notation));

    assert.equal(code, "verifier-misconfigured");
    assert.match(detail, new RegExp(executable));
    await notation.stop();
  });

  it("hangs beyond the deadline -> verifier-failed soon after it, and it is ended", async () => {
    const { notation, pid } = await startForTest("onRequest(() => {}); ready();");
    await notation.versions();
    const startedAt = performance.now();

    const facts = await ask(notation, "registry.test/hang:1", 100);

    const milliseconds = performance.now() - startedAt;
    assert.equal(judgeByAnyone(facts).code, "verifier-failed", facts.error?.detail);
    assert.ok(milliseconds < 5000, `${milliseconds} ms`);
    await isGone(pid);
  });

  it("stopped while it works -> the waiting request is answered first", async () => {
    const { notation, pid } = await startForTest("onRequest((request) => setTimeout(answer, 200, request)); ready();");
    const waiting = ask(notation);

    await notation.stop();

    assert.equal((await waiting).outcome, "no-signatures");
    await isGone(pid);
  });

  it("does not end when it is stopped -> it is killed", async () => {
    const { notation, pid } = await startForTest("setInterval(() => {}, 1000); onRequest(answer); ready();");
    await ask(notation);

    await notation.stop();

    await isGone(pid);
  });

  it("inherits nothing of the environment", async () => {
    const { notation } = await startForTest(`
      onRequest((request) => answer({ ...request, reference: "", id: request.id }));
      say({ ready: true, verifier: JSON.stringify(process.env), notationGo: "", orasGo: "", go: "", plugin: { name: "", version: "" } });`);

    const { verifier } = await notation.versions();

    // Some systems give every process this one.
    const { __CF_USER_TEXT_ENCODING: _, ...environment } = JSON.parse(verifier);
    assert.deepEqual(environment, { GIVEN: "this" });
  });

  it("never ready -> verifier-failed, and it is ended", async () => {
    const facts = await neverReady.facts;

    assert.equal(judgeByAnyone(facts).code, "verifier-failed", facts.error?.detail);
    await isGone(neverReady.pid);
  });
});

/** A client of a Node program. */
async function start(body: string): Promise<Started> {
  const file = await writeNodeProgram(join(await mkdtemp(join(folder, "process-")), "process"), prelude + body);
  const environment = { GIVEN: "this" };
  const notation = startNotation({ executable: file, config: "/config", plugin: "/plugin", environment });
  return { notation, pid: async () => Number(await readFile(`${file}.pid`, "utf8")) };
}

function ask(notation: Notation, reference = "registry.test/app:1", deadlineMs = 5000): Promise<VerificationFacts> {
  return notation.verify({ reference, deadlineMs });
}

async function isGone(pid: () => Promise<number>): Promise<void> {
  const id = await pid();
  assert.throws(() => process.kill(id, 0), { code: "ESRCH" }, `process ${id} is still there`);
}
