import assert from "node:assert/strict";
import { buildReport, stillRunning } from "../../../../automation/operations/report/build-report";
import { fromSwept } from "../../../../automation/operations/report/running-image";
import { durationText } from "../../../../cli/report/cell-text";
import { describeReport } from "../../../../cli/report/describe-report";
import { renderJson } from "../../../../cli/report/render-json";
import { renderMarkdown } from "../../../../cli/report/render-markdown";
import { renderText } from "../../../../cli/report/render-text";
import { SOURCE } from "../../../../cli/report/source-names";
import { busyReport, HOSTILE } from "../../../support/busy-report";
import { RUN, reportFacts, sweepOf, sweptImage, sweptPlace } from "../../../support/report-facts";

const TITLES = [
  "Summary",
  "What runs",
  "What enforce would stop",
  "What if this were the trust document",
  "Coverage",
  "What ends",
  "Exposure",
  "Verdicts of the last days",
  "About this report",
];

describe("a report as text", () => {
  for (const width of [80, 120, 160]) {
    it(`fits a terminal of ${width} columns, whatever names others chose`, () => {
      const lines = renderText(describeReport(busyReport()), { width }).split("\n");

      assert.deepEqual(
        lines.filter((line) => line.length > width),
        [],
      );
    });
  }

  it("has every section, and says first what could not be read", () => {
    const text = renderText(describeReport(busyReport()), { width: Number.POSITIVE_INFINITY });

    const found = text.split("\n").filter((line) => TITLES.some((title) => title.toUpperCase() === line));
    assert.deepEqual(
      found,
      TITLES.map((title) => title.toUpperCase()),
    );
    assert.match(text, /^SUMMARY\nNOT READ: Orders of the moment\. Reading the orders/m);
    assert.match(text, /^ {2}9 images in 45 containers denied, running, of what could be read$/m);
    assert.match(text, /^shop\/api +launch +no-signature +4 +2 +2026-06-15T09:50:08Z +yes +Sign the image/m);
    assert.match(text, /^exemption, trust document +ENDED +2026-06-01 +-14 +team\/old +team-old +forgotten/m);
    assert.match(text, /^verdict +25 +5\.5 s +9\.1 s +9\.1 s /m);
    assert.match(
      text,
      /^NOT WATCHED, although something runs there: arn:aws:ecs:eu-west-1:111122223333:cluster\/batch\.$/m,
    );
  });

  it("says how many rows it leaves out", () => {
    assert.match(
      renderText(describeReport(busyReport(40)), { width: 160 }),
      /\(16 more: --format html and --format json have all\.\)/,
    );
  });

  it("is printable ASCII", () => {
    assert.doesNotMatch(renderText(describeReport(busyReport()), { width: 120 }), /[^\x20-\x7e\n]/);
  });

  it("of an environment without a sweep, a log and a gate says so", () => {
    const text = renderText(describeReport(buildReport(reportFacts())), { width: 120 });

    assert.match(text, /WHAT RUNS\nNot known: there was no sweep\./);
    assert.match(text, /WHAT ENFORCE WOULD STOP\nNot known: there is no log/);
    assert.match(text, /\nDeployment gate: this environment has none\./);
    assert.match(text, /EXPOSURE\nNot known/);
    assert.doesNotMatch(text, /WHAT IF/);
  });

  it("never says that there is none of what could not be read", () => {
    const failed = Object.values(SOURCE).map((name) => ({ name, state: "failed" as const, detail: "AccessDenied." }));
    const facts = reportFacts({ sources: failed, orders: undefined, exemptions: undefined });

    const text = renderText(describeReport(buildReport(facts)), { width: Number.POSITIVE_INFINITY });

    assert.match(text, /\nWHAT RUNS\nNot known: the sweep could not be read\./);
    assert.match(text, /\nWHAT ENFORCE WOULD STOP\nNot known: the verdicts of the last days could not be read\./);
    assert.match(text, /\nDeployment gate: which services have it is not known, since they could not be read\./);
    assert.match(text, /\nExemptions of the trust document are not known: they could not be read\.\n/);
    assert.match(text, /\nExemptions and blocks of the moment are not known: they could not be read\.\n/);
    assert.match(text, /\nExemptions, and blocks\nNot known\./);
    assert.deepEqual(text.match(/^ {2}.*$/gm), [
      "  not known what runs",
      "  not known what enforce would stop",
      "  not known which exemptions end within 30 days",
    ]);
    assert.doesNotMatch(text, /there (was|are|is) no|There are none|has none|[Ee]verything (is|was) trusted|\b0 /);
  });

  it("gives no all-clear for a scan that could not read a cluster", () => {
    const place = { ...reportFacts().place, kind: "scan" as const };
    const sources = [{ name: "secret in eu-west-1", state: "failed" as const, detail: "AccessDenied." }];

    const report = buildReport(reportFacts({ place, sources, running: { at: RUN, images: [] } }));
    const [denied] = describeReport(report).sections[0]?.facts ?? [];

    assert.deepEqual([denied?.label, denied?.tone], ["denied, running, of what could be read", undefined]);
  });

  it("says of which exemptions it knows where others are not known", () => {
    const order = busyReport().ending.orders?.[0] ?? assert.fail();
    const report = buildReport(reportFacts({ orders: [], exemptions: undefined }));

    const none = renderText(describeReport(report), { width: 200 });
    const one = renderText(describeReport({ ...report, ending: { ...report.ending, orders: [order] } }), {
      width: 200,
    });

    assert.match(none, /^ {2}0 exemptions of the moment that end within 30 days$/m);
    assert.match(none, /\nExemptions of the trust document are not known without the stack's file/);
    assert.match(none, /\nExemptions, and blocks\nThere are none of the moment\./);
    assert.match(one, /^ {2}1 exemption of the moment that ends within 30 days$/m);
  });

  it("gives no all-clear where something could not be read", () => {
    const running = { at: RUN, images: [] };
    const sources = [SOURCE.sweep, SOURCE.orders].map((name) => ({
      name,
      state: "partly" as const,
      detail: "4 items of the table cannot be read by this version.",
    }));

    const text = renderText(describeReport(buildReport(reportFacts({ running, sources }))), { width: 200 });

    assert.equal(text.match(/^NOT ALL READ: Sweep of what runs\. 4 items/gm)?.length, 3);
    assert.match(text, /^ {2}0 images in 0 containers denied, running, of what could be read$/m);
    assert.match(text, /^ {2}at least 0 exemptions that end within 30 days$/m);
    assert.match(text, /\nExemptions, and blocks\nThere are none that could be read\./);
  });

  it("says where one log of several is missing", () => {
    const sources = [{ name: SOURCE.launches, state: "failed" as const, detail: "AccessDenied." }];
    const report = buildReport(
      reportFacts({ sources, history: { since: new Date(0), records: [], canaryVerdicts: 0 } }),
    );

    const text = renderText(describeReport(report), { width: 200 });

    assert.equal(
      text.match(/^NOT READ: Verdicts of the launch detector\. What they say is missing here\.$/gm)?.length,
      3,
    );
  });

  it("says of what enforce would stop what it knows from launches and what from what runs", () => {
    const images = [fromSwept(sweptImage(1, { code: "no-signature", places: [sweptPlace("shop", "service:stock")] }))];
    const history = { since: new Date(0), records: [], canaryVerdicts: 0 };
    const textOf = (changes: Parameters<typeof reportFacts>[0]) =>
      renderText(describeReport(buildReport(reportFacts(changes))), { width: Number.POSITIVE_INFINITY });

    const both = textOf({ running: { at: RUN, images }, history });
    const [log, sweep] = [textOf({ history }), textOf({ running: { at: RUN, images } })];

    assert.match(both, /^ {2}1 of 1 service or family with what enforce would stop$/m);
    assert.match(both, /\nIn the last days\nNothing was denied and only audited in these days\.\n/);
    assert.match(both, /\nAt the next launch of what runs\nservice .*\nshop\/stock +no-signature +1 +1 /);
    assert.match(
      log,
      /\nFrom what runs: Not known: there was no sweep\. A service that has launched nothing in these days/,
    );
    assert.match(log, /^ {2}0 of 0 services and families with what enforce would stop, by the last days alone$/m);
    assert.match(sweep, /\nFrom the verdicts of the last days: Not known: there is no log/);
    assert.match(sweep, /^ {2}1 of 1 service or family with what enforce would stop, by what runs alone$/m);
  });

  it("names the images whose launch was not judged, with where they run, and how many the alarm counts", () => {
    const images = [
      sweptImage(1, { seenAtLaunch: false, places: [sweptPlace("shop", "service:stock")] }),
      sweptImage(2),
      sweptImage(3, { kind: "aws-injected", code: "aws-injected", seenAtLaunch: false }),
    ];
    const textOf = (some: typeof images) => {
      const sweep = sweepOf(some, { neverLaunched: 0, judged: 1 });
      const facts = reportFacts({ running: stillRunning(some, sweep), sweep });
      return renderText(describeReport(buildReport(facts)), { width: Number.POSITIVE_INFINITY });
    };

    const text = textOf(images);

    assert.match(
      text,
      /\nImages whose launch was not judged\nstatus .*\ntrusted +signature-valid +team\/app-1 +\w+ +shop\/stock +1\n\n/,
    );
    assert.match(
      text,
      /judged a launch of 1 of 2 images that run; .*\n0 of these others count for the alarm never-launched/,
    );
    assert.match(
      text,
      /judged 1 of 3 containers\. The images of the others are inconclusive, or wait to be judged\.\n/,
    );
    assert.match(textOf(images.slice(1, 2)), /\nEvery image that runs was judged at a launch\.\n/);
  });

  it("says at the top from when its sweep is, and warns if that is longer ago than two days", () => {
    const textAt = (at: string) =>
      renderText(describeReport(buildReport(reportFacts({ running: { at, images: [] } }))), { width: 200 });

    const [fresh, old] = [textAt("2026-06-13T12:30:00.000Z"), textAt("2026-05-20T12:00:00.000Z")];

    assert.match(fresh, /\nSUMMARY\nWhat runs is as the sweep of 2026-06-13T12:30:00Z has found it\.\n {2}0 images/);
    assert.match(
      old,
      /\nSUMMARY\nNOT CURRENT: the last sweep is 26 days old\. .*\nWhat runs is as the sweep of 2026-05-20/,
    );
    assert.match(old, /^ {2}0 images in 0 containers denied, running, 26 days ago$/m);
  });

  it("of a scan names the region of a cluster where there are several", () => {
    const cluster = (region: string) => `arn:aws:ecs:${region}:111122223333:cluster/shop`;
    const [west = "", east = ""] = ["eu-west-1", "us-east-1"];
    const places = [west, east].map((region) => ({ cluster: cluster(region), group: "service:web", containers: 1 }));
    const images = [{ ...fromSwept(sweptImage(1, { containers: 2 })), places }];
    const textOf = (regions: readonly string[]) => {
      const place = { ...reportFacts().place, kind: "scan" as const, regions };
      const facts = reportFacts({ place, running: { at: RUN, images } });
      return renderText(describeReport(buildReport(facts)), { width: Number.POSITIVE_INFINITY });
    };

    assert.match(textOf([west, east]), /\neu-west-1:shop +0 .*\nus-east-1:shop +0 /);
    assert.match(textOf([west, east]), /\neu-west-1:shop\/web +0 .*\nus-east-1:shop\/web +0 /);
    assert.match(textOf([west, east]), / eu-west-1:shop\/web, us-east-1:shop\/web +2 /);
    assert.match(textOf([west]), /\nshop\/web +0 /);
  });

  it("explains the reason codes and responses that are in it, and no others", () => {
    const text = renderText(describeReport(busyReport()), { width: Number.POSITIVE_INFINITY });
    const [, codes = ""] = /\nReason codes in this report\n([\s\S]*?)\n\n/.exec(text) ?? [];

    assert.match(codes, /^denied +signature-revoked +Do not run this image\..* +docs\/runbook\.md#signature-revoked$/m);
    assert.deepEqual(
      codes
        .split("\n")
        .slice(1)
        .map((line) => line.split(/ +/)[1])
        .sort(),
      ["exempted", "no-signature", "reference-invalid", "registry-unavailable", "signature-revoked", "signers-missing"],
    );
    const own = { ...busyReport(), runbook: "https://wiki.example.com/runbook" };
    assert.match(
      renderText(describeReport(own), { width: 400 }),
      / https:\/\/wiki\.example\.com\/runbook#no-signature\n/,
    );
    assert.match(text, /^launch +audited +\d+ +nothing: this place only audits\./m);
    assert.match(text, /^launch detector +judges each task/m);
  });

  it("shows times that something took in units for people", () => {
    const times = [850, 12_340, 245_000, 12_000_000].map(durationText);

    assert.deepEqual(times, ["850 ms", "12.3 s", "4 min 5 s", "3 h 20 min"]);
  });
});

describe("a report as Markdown", () => {
  const markdown = renderMarkdown(describeReport(busyReport()));

  it("has a heading for each section, and tables", () => {
    assert.deepEqual(
      [...markdown.matchAll(/^## (.*)$/gm)].map(([, title]) => title),
      TITLES,
    );
    assert.match(
      markdown,
      /^\| status \| code \| images \| containers \|\n\| --- \| --- \| ---: \| ---: \|\n\| \*\*denied\*\* \| `signature-revoked` \| 4 \| 24 \|$/m,
    );
  });

  it("has the same number of cells in each row of a table", () => {
    const tables = markdown.split("\n\n").filter((block) => block.startsWith("|"));

    assert.ok(tables.length > 10);
    for (const table of tables) {
      const cells = table
        .trim()
        .split("\n")
        .map((row) => row.split("|").length);
      assert.equal(new Set(cells).size, 1, table);
    }
  });

  it("keeps what others wrote out of Markdown and HTML", () => {
    assert.ok(markdown.includes("onerror"));
    const withoutCode = markdown.replace(/`[^`\n]*`/g, "");

    assert.doesNotMatch(withoutCode, /[<>]|onerror|https?:\/\//);
    assert.doesNotMatch(markdown, /[^\x20-\x7e\n·]/);
  });
});

describe("a report as JSON", () => {
  it("is one line of ASCII with every key", () => {
    const text = renderJson(buildReport(reportFacts()));

    assert.match(text, /^[\x20-\x7e]+\n$/);
    const found = JSON.parse(text);
    assert.deepEqual(Object.keys(found).sort(), [
      "account",
      "coverage",
      "ending",
      "environment",
      "exposure",
      "gateMode",
      "history",
      "kind",
      "madeAt",
      "mode",
      "regions",
      "registry",
      "runbook",
      "running",
      "sources",
      "version",
      "watchedClusters",
      "whatIf",
      "wouldStop",
    ]);
    assert.deepEqual([found.version, found.running, found.history], ["2", null, null]);
  });

  it("has what others wrote as it was", () => {
    const { running, wouldStop } = JSON.parse(renderJson(busyReport()));

    assert.ok(running.images.some(({ reference }: { reference: string }) => reference === HOSTILE));
    assert.ok(wouldStop.rows.some(({ group }: { group: string }) => group === `service:${HOSTILE}`));
  });
});
