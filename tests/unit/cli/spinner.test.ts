import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { whileWaiting } from "../../../cli/lib/spinner";

/** A terminal, or a pipe, that keeps what is written to it. */
function screen(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 30, written, write: (text: string) => written.push(text) > 0 };
}

describe("the line that shows that work goes on", () => {
  let term: string | undefined;
  beforeEach(() => {
    term = process.env.TERM;
    process.env.TERM = "xterm";
  });
  afterEach(() => {
    if (term === undefined) delete process.env.TERM;
    else process.env.TERM = term;
  });

  /** Waits until a line was shown. */
  async function shown(stream: ReturnType<typeof screen>): Promise<string> {
    for (;;) {
      const line = stream.written.find((text) => text.includes("verifying"));
      if (line !== undefined) return line;
      await pause(5);
    }
  }

  it("is shown on a terminal, fits it, and is gone before something is printed and in the end", async () => {
    const stream = screen(true);

    const answer = await whileWaiting(
      () => "verifying images: 0/3 and many more words",
      async (clear) => {
        assert.ok((await shown(stream)).length < 30);
        clear();
        assert.match(stream.written.at(-1) ?? "", /\[2K$/);
        return 7;
      },
      { stream, afterMs: 0 },
    );

    assert.equal(answer, 7);
    assert.match(stream.written.at(-1) ?? "", /\[2K$/);
  });

  it("is not shown for work that ends before its time, nor where there is no terminal or one that cannot", async () => {
    const quick = screen(true);
    await whileWaiting(
      () => "verifying",
      async (clear) => clear(),
      { stream: quick },
    );
    const pipe = screen(false);
    await whileWaiting(
      () => "verifying",
      () => pause(5),
      { stream: pipe, afterMs: 0 },
    );
    process.env.TERM = "dumb";
    const dumb = screen(true);
    await whileWaiting(
      () => "verifying",
      () => pause(5),
      { stream: dumb, afterMs: 0 },
    );

    assert.deepEqual([quick.written, pipe.written, dumb.written], [[], [], []]);
  });

  it("is gone after work that fails", async () => {
    const stream = screen(true);
    const work = async () => {
      await shown(stream);
      throw new Error("no");
    };

    await assert.rejects(
      whileWaiting(() => "verifying", work, { stream, afterMs: 0 }),
      /no/,
    );

    assert.match(stream.written.at(-1) ?? "", /\[2K$/);
  });
});
