// What the tests ask of the page, within it: they send this text to the browser, with a call of one of these.

/** The rows of the table with this heading, as text, and what stands beside its filter. */
// biome-ignore lint/correctness/noUnusedVariables: called from the tests.
function readTable(heading) {
  const view = [...document.querySelectorAll(".view")].find((one) => one.querySelector("h3").textContent === heading);
  return {
    rows: [...view.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent)),
    count: view.querySelector(".count")?.textContent ?? "",
  };
}

/** The contrast of text and background (WCAG 2.2) of each kind of text. */
// biome-ignore lint/correctness/noUnusedVariables: called from the tests.
function readContrasts() {
  const parts = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour) => {
    const [red, green, blue] = parts(colour).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const backgroundOf = (element) => {
    if (element === null) return "rgb(255, 255, 255)";
    const { backgroundColor } = getComputedStyle(element);
    return parts(backgroundColor)[3] === 0 ? backgroundOf(element.parentElement) : backgroundColor;
  };
  const kinds = ["p", ".subtitle", ".missing", ".facts a", "nav a", "td", "th", ".count"];
  const statuses = ["denied", "inconclusive", "exempt", "trusted"].map((status) => `.s.${status}`);
  return [...kinds, ...statuses].map((kind) => {
    const element = document.querySelector(kind);
    const both = [luminance(getComputedStyle(element).color), luminance(backgroundOf(element))];
    return { kind, ratio: (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05) };
  });
}

/** How much wider the page is than the screen. */
// biome-ignore lint/correctness/noUnusedVariables: called from the tests.
function readOverflow() {
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}

/** What shows how the page would be printed. */
// biome-ignore lint/correctness/noUnusedVariables: called from the tests.
function readPaper() {
  const areHidden = [...document.querySelectorAll("nav, .tools, .more")].every(
    (one) => getComputedStyle(one).display === "none",
  );
  return { colour: getComputedStyle(document.body).backgroundColor, areHidden };
}

/** What the style puts before the first value of a table. */
// biome-ignore lint/correctness/noUnusedVariables: called from the tests.
function readLabel() {
  return getComputedStyle(document.querySelector("#running td"), "::before").content;
}

/** The headings of the tables that the browser draws only where they are seen. */
// biome-ignore lint/correctness/noUnusedVariables: called from the tests.
function readUndrawn() {
  return [...document.querySelectorAll(".view")]
    .filter((view) => [...view.children].some((one) => getComputedStyle(one).contentVisibility === "auto"))
    .map((view) => view.querySelector("h3").textContent);
}

/** The height of the page before and after somebody has scrolled through it. */
// biome-ignore lint/correctness/noUnusedVariables: called from the tests.
function readHeights() {
  const { documentElement: page } = document;
  const before = page.scrollHeight;
  for (let top = 0; top < before; top += 500) window.scrollTo(0, top);
  return [before, page.scrollHeight];
}
