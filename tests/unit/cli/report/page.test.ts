import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describeReport } from "../../../../cli/report/describe-report";
import { chartMarkup } from "../../../../cli/report/page/charts";
import { html, visibleText } from "../../../../cli/report/page/markup";
import { renderPage } from "../../../../cli/report/page/render-page";
import { busyReport, HOSTILE } from "../../../support/busy-report";

const MEGABYTE = 1_000_000;

describe("the page of a report", () => {
  const page = renderPage(describeReport(busyReport(300)));

  it("allows its own style and script by their hashes, and nothing else", () => {
    const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const contentOf = (name: string) => new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(page)?.[1] ?? "";
    const hashOf = (name: string) => createHash("sha256").update(contentOf(name)).digest("base64");

    assert.match(policy, /^default-src &#39;none&#39;; /);
    assert.ok(policy.includes(`script-src &#39;sha256-${hashOf("script")}&#39;`), policy);
    assert.ok(policy.includes(`style-src &#39;sha256-${hashOf("style")}&#39;`), policy);
  });

  it("loads nothing, and has no attribute that the policy would refuse", () => {
    const withoutCode = page.replace(/<(style|script)>[\s\S]*?<\/\1>/g, "");

    assert.doesNotMatch(withoutCode, /<[^>]*\s(?:style|on\w+)=/);
    assert.deepEqual(
      [...withoutCode.matchAll(/(?:src|href)="([^"]*)"/g)]
        .map(([, target = ""]) => target)
        .filter((target) => !/^#|^data:,$/.test(target)),
      [],
    );
    assert.doesNotMatch(page, /@import|url\(/);
  });

  it("is smaller than a megabyte", () => {
    assert.ok(page.length < MEGABYTE, `${page.length}`);
  });

  it("has hostile names as text alone", () => {
    assert.ok(page.includes("&lt;img src=x onerror=&quot;document.title=1&quot;&gt;"));
    assert.ok(!page.includes("<img"));
    assert.equal(page.split("<script>").length, 2);
    for (const character of ["\u202e", "\u001b"]) assert.ok(!page.includes(character));
  });

  it("has every link's target", () => {
    const ids = new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
    const targets = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);

    assert.ok(targets.length > 10);
    assert.deepEqual(
      targets.filter((target) => !ids.has(target)),
      [],
    );
  });

  it("tells each chart in words as well", () => {
    const charts = [
      ...page.matchAll(/<svg [^>]*role="img"[^>]*><title[^>]*>[^<]+<\/title><desc[^>]*>([^<]+)<\/desc>/g),
    ];

    assert.equal(charts.length, [...page.matchAll(/<svg /g)].length);
    assert.ok(
      charts.some(([, text = ""]) => /^\d+ denied, \d+ inconclusive, \d+ exempt, \d+ trusted containers\.$/.test(text)),
    );
  });
});

describe("text in HTML", () => {
  it("is escaped in elements and attributes, in lists too, and only once", () => {
    const inner = html`<b title="${'"x"'}">${"<i>"}</b>`;

    assert.equal(html`<p>${[inner, "&"]}</p>`.text, '<p><b title="&quot;x&quot;">&lt;i&gt;</b>&amp;</p>');
  });

  const cases: readonly (readonly [string, string, string])[] = [
    ["control characters", "a\u001b[31m\nb", "a\\u{1b}[31m\\u{a}b"],
    ["what turns the direction", "a\u202eb", "a\\u{202e}b"],
    ["what cannot be seen", "a\u200b\u00ad\u3164b", "a\\u{200b}\\u{ad}\\u{3164}b"],
    ["half of a pair", "a\ud800b", "a\ufffdb"],
    ["names in other scripts", "Jürgen 日本", "Jürgen 日本"],
  ];
  for (const [what, text, expected] of cases) {
    it(`shows ${what} as a reader can tell it`, () => assert.equal(visibleText(text, 100), expected));
  }

  it("is cut where it is too long, never within a character", () => {
    assert.equal(visibleText("😀😀😀", 2), "😀😀...");
  });
});

describe("a chart", () => {
  it("shows a share that is tiny beside the others", () => {
    const values = { denied: 1, inconclusive: 0, exempt: 0, trusted: 100_000 };

    const { text } = chartMarkup({ kind: "statuses", title: "t", values, what: "containers" }, "c");

    assert.match(text, /<rect class="fill-denied" x="0" y="4" width="3"/);
    assert.doesNotMatch(text, /fill-inconclusive" x/);
  });

  const zero = { denied: 0, inconclusive: 0, exempt: 0, trusted: 0 };
  it("of nothing draws nothing that is not a number", () => {
    const charts = [
      chartMarkup({ kind: "statuses", title: "t", values: zero, what: "containers" }, "a"),
      chartMarkup({ kind: "days", title: "t", days: [{ day: "2026-06-15", ...zero }] }, "b"),
      chartMarkup({ kind: "bars", title: "t", bars: [{ name: HOSTILE, value: 0, status: "denied" }] }, "c"),
      chartMarkup({ kind: "shares", title: "t", shares: [{ name: "n", part: 0, whole: 0 }] }, "d"),
    ];

    for (const { text } of charts) assert.doesNotMatch(text, /NaN|Infinity|undefined|<img/);
  });
});
