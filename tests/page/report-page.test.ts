// Real: the page, in Debian's Chromium without a screen.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { describeReport } from "../../cli/report/describe-report";
import { renderPage } from "../../cli/report/page/render-page";
import { busyReport, HOSTILE } from "../support/busy-report";
import { skipOrFail } from "../support/skip-or-fail";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const IN_PAGE = readFileSync(join(__dirname, "in-page.js"), "utf8");
const IMAGES = "Every image";
const TITLE = "Images of the environment prod";

/** Where pictures of the page are kept for somebody to look at, if anywhere. */
const PICTURES = process.env.REPORT_PICTURES;

describe("page: the report in a browser", function () {
  this.timeout(120_000);
  let browser: Browser;
  let folder: string;
  let usual: string;
  /** With 5,000 images. */
  let large: string;

  before(async function () {
    const executablePath = CHROMIUM.find((path) => existsSync(path));
    if (executablePath === undefined) return skipOrFail(this, "Chromium is not installed (apt-get install chromium)");
    folder = await mkdtemp(join(tmpdir(), "page-"));
    usual = await put("usual.html", 300);
    large = await put("large.html", 4999);
    // Root has no sandbox, and a small machine little shared memory.
    browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  });
  after(async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  async function put(name: string, images: number): Promise<string> {
    const file = join(folder, name);
    await writeFile(file, renderPage(describeReport(busyReport(images))));
    return pathToFileURL(file).href;
  }

  interface Looking {
    readonly width?: number;
    readonly scheme?: "light" | "dark";
    readonly script?: boolean;
  }

  /** Opens a page, and gives it with what the browser has said and asked for. */
  async function open(url: string, { width = 1280, scheme = "light", script = true }: Looking = {}) {
    const page = await browser.newPage();
    const said: string[] = [];
    const asked: string[] = [];
    page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => said.push(String(error)));
    page.on("request", (request) => asked.push(request.url()));
    await page.setJavaScriptEnabled(script);
    await page.setViewport({ width, height: 900, isMobile: width < 500 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.goto(url);
    return { page, said, asked };
  }

  const looks: readonly (readonly [string, Looking])[] = [
    ["light", {}],
    ["dark", { scheme: "dark" }],
    ["phone", { width: 390 }],
    ["dark-phone", { width: 390, scheme: "dark" }],
    ["without-script", { script: false }],
  ];
  for (const [name, look] of looks) {
    it(`says nothing on the console, loads nothing and is no wider than the screen: ${name}`, async () => {
      const { page, said, asked } = await open(usual, look);

      const wide = await ask<number>(page, "readOverflow()");

      assert.deepEqual([said, asked, wide], [[], [usual], 0]);
      await keepPicture(page, name);
      await page.close();
    });
  }

  it("has readable colours in light and in dark", async () => {
    for (const scheme of ["light", "dark"] as const) {
      const { page } = await open(usual, { scheme });

      const contrasts = await ask<{ readonly kind: string; readonly ratio: number }[]>(page, "readContrasts()");

      assert.ok(contrasts.length > 5);
      assert.deepEqual(
        contrasts.filter(({ ratio }) => ratio < 4.5),
        [],
        scheme,
      );
      await page.close();
    }
  });

  it("keeps a hostile name text: no element of it, and no script of it runs", async () => {
    const { page, said } = await open(usual);

    const shown = (await readImages(page)).rows.map((cells) => cells[2] ?? "");
    const elements = await page.$$eval("img, iframe, object, [onerror]", (found) => found.length);

    const visible = HOSTILE.replace("\u202e", "\\u{202e}").replace("\u001b", "\\u{1b}");
    assert.ok(shown.includes(visible), shown.slice(0, 100).join("\n"));
    assert.deepEqual([elements, await page.title(), said], [0, TITLE, []]);
    await page.close();
  });

  it("sorts by a column, numbers as numbers, up and then down, by the keyboard", async () => {
    const { page } = await open(usual);
    const containers = async () => (await readImages(page)).rows.map((cells) => Number(cells[5]));
    const sorted = async () => [await containers(), await sortOf(page, 5)] as const;

    await (await headOf(page, 5)).focus();
    await page.keyboard.press("Enter");
    const [up, ascending] = await sorted();
    await page.keyboard.press("Enter");
    const [down, descending] = await sorted();

    assert.deepEqual([ascending, descending], ["ascending", "descending"]);
    assert.deepEqual(
      up,
      up.toSorted((one, other) => one - other),
    );
    assert.deepEqual(
      down,
      down.toSorted((one, other) => other - one),
    );
    assert.notDeepEqual(up, down);
    await page.close();
  });

  it("filters by words, in any order, and by the whole digest", async () => {
    const { page } = await open(usual);
    const shown = async () => {
      const { rows, count } = await readImages(page);
      return { codes: rows.map((cells) => cells[1]), count };
    };

    await filter(page, "REVOKED denied");
    const revoked = await shown();
    await filter(page, `sha256:${"0".repeat(62)}0b`);
    const one = await shown();
    await filter(page, "no such image");
    const none = await shown();

    assert.deepEqual(new Set(revoked.codes), new Set(["signature-revoked"]));
    assert.match(revoked.count, /^30 of 301 rows$/);
    assert.deepEqual([one.codes.length, none.codes.length], [1, 0]);
    await page.close();
  });

  it("has 5,000 images in the page, few of them drawn at once, and all that are asked for", async () => {
    const { page, said } = await open(large);
    const drawn = async () => {
      const { rows, count } = await readImages(page);
      return [rows.length, count] as const;
    };

    const first = await drawn();
    await filter(page, "app-4321");
    const [found] = await drawn();
    await filter(page, "");
    await press(page, "Show all");
    const [all] = await drawn();

    assert.deepEqual(first, [100, "5000 rows, the first 100 shown"]);
    assert.deepEqual([found, all, said], [1, 5000, []]);
    await page.close();
  });

  it("draws every table at once, also below the screen, but for very long ones", async () => {
    const { page } = await open(large);
    const undrawn = () => ask<string[]>(page, "readUndrawn()");
    const heights = () => ask<number[]>(page, "readHeights()");

    const [atFirst, [before, after]] = [await undrawn(), await heights()];
    await press(page, "Show all");

    assert.deepEqual([atFirst, await undrawn()], [[], [IMAGES]]);
    assert.equal(after, before);
    await page.close();
  });

  it("has all rows as a plain table without its script", async () => {
    const { page } = await open(usual, { script: false });

    const rows = await page.$$eval("table", (tables) => tables.map(({ rows: all }) => all.length));

    assert.ok(rows.includes(302), rows.join());
    assert.equal(await page.$("button, input"), null);
    await page.close();
  });

  it("on a phone names each value", async () => {
    const { page } = await open(usual, { width: 390 });

    const label = await ask<string>(page, "readLabel()");

    assert.equal(label, '"status"');
    await page.close();
  });

  it("prints every row, on white paper, without what is there to press", async () => {
    const { page } = await open(usual, { scheme: "dark" });
    await page.emulateMediaType("print");

    const paper = await ask<{ readonly colour: string; readonly areHidden: boolean }>(page, "readPaper()");
    await page.evaluate('void window.dispatchEvent(new Event("beforeprint"))');
    const printed = (await readImages(page)).rows.length;
    await page.evaluate('void window.dispatchEvent(new Event("afterprint"))');
    const after = (await readImages(page)).rows.length;

    assert.deepEqual([paper, printed, after], [{ colour: "rgb(255, 255, 255)", areHidden: true }, 301, 100]);
    await page.close();
  });
});

interface Shown {
  /** The cells of each row, as text. */
  readonly rows: readonly (readonly string[])[];
  /** What stands beside the filter. */
  readonly count: string;
}

/** What one of the functions of in-page.js answers. */
async function ask<Answer>(page: Page, call: string): Promise<Answer> {
  return (await page.evaluate(`(() => { ${IN_PAGE}\nreturn ${call}; })()`)) as Answer;
}

const readImages = (page: Page) => ask<Shown>(page, `readTable(${JSON.stringify(IMAGES)})`);

async function viewOf(page: Page) {
  const heading = await page.waitForSelector(`xpath/.//h3[.="${IMAGES}"]`);
  const view = await heading?.$("xpath/..");
  return view ?? assert.fail("there is no table of images");
}

async function headOf(page: Page, column: number) {
  const buttons = await (await viewOf(page)).$$("th button");
  return buttons[column] ?? assert.fail(`there is no column ${column}`);
}

async function sortOf(page: Page, column: number): Promise<string | null> {
  const heads = await (await viewOf(page)).$$("th");
  return heads[column]?.evaluate((head) => head.getAttribute("aria-sort")) ?? null;
}

async function filter(page: Page, words: string): Promise<void> {
  const input = (await (await viewOf(page)).$("input")) ?? assert.fail("there is no filter");
  await input.evaluate((element) => {
    element.value = "";
  });
  await input.type(words);
  await input.evaluate((element) => element.dispatchEvent(new Event("input")));
}

async function press(page: Page, text: string): Promise<void> {
  const button = await (await viewOf(page)).$(`xpath/.//button[.="${text}"]`);
  await button?.evaluate((element) => element.dispatchEvent(new Event("click")));
}

async function keepPicture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}
