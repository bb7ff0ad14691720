// Makes the tables of the page sortable and filterable. Without it they are plain tables with all rows.

(() => {
  /** Rows that are in the page at first, and that each press of the button adds: a long table stays quick. */
  const PAGE = matchMedia("(max-width: 40rem)").matches ? 20 : 100;
  const STEP = 500;
  /** More rows are drawn only where they are seen. */
  const MOST_AT_ONCE = 500;
  /** Shorter tables need no filter. */
  const FILTERED_FROM = 8;

  const element = (name, properties) => Object.assign(document.createElement(name), properties);
  const collator = new Intl.Collator("en", { numeric: true });

  for (const view of document.querySelectorAll(".view")) {
    const table = view.querySelector("table");
    if (table === null) continue;
    const body = table.tBodies[0];
    const rows = Array.from(body.rows, (row) => ({ row, text: undefined }));
    let shown = rows;
    let limit = PAGE;

    const more = element("p", { className: "more" });
    const addMore = element("button", { type: "button" });
    const addAll = element("button", { type: "button", textContent: "Show all" });
    more.append(addMore, " ", addAll);
    view.append(more);
    const counter = element("span", { className: "count" });
    counter.setAttribute("aria-live", "polite");

    // On a narrow screen each row is a list of names and values.
    const names = Array.from(table.tHead.rows[0].cells, (cell) => cell.textContent);
    view.classList.add("rows-can-stack");
    const withNames = ({ row }) => {
      Array.from(row.cells, (cell, at) => cell.setAttribute("data-name", names[at]));
      return row;
    };

    const draw = () => {
      body.replaceChildren(...shown.slice(0, limit).map(withNames));
      const left = Math.max(0, shown.length - limit);
      view.querySelector(".scroll").classList.toggle("long", shown.length - left > MOST_AT_ONCE);
      more.hidden = left === 0;
      addMore.textContent = `Show ${Math.min(STEP, left)} more`;
      const of = shown.length === rows.length ? `${rows.length}` : `${shown.length} of ${rows.length}`;
      counter.textContent = `${of} ${rows.length === 1 ? "row" : "rows"}${left === 0 ? "" : `, the first ${limit} shown`}`;
    };
    addMore.addEventListener("click", () => {
      limit += STEP;
      draw();
    });
    addAll.addEventListener("click", () => {
      limit = rows.length;
      draw();
    });

    let filter = "";
    const keep = () => {
      const wanted = filter.toLowerCase().split(/\s+/).filter(Boolean);
      shown = rows.filter((one) => {
        one.text ??= textOf(one.row);
        return wanted.every((word) => one.text.includes(word));
      });
      draw();
    };

    if (rows.length >= FILTERED_FROM) {
      const label = element("label", { textContent: "Filter " });
      const input = element("input", { type: "search", autocomplete: "off", spellcheck: false });
      input.addEventListener("input", () => {
        filter = input.value;
        limit = PAGE;
        keep();
      });
      label.append(input);
      const tools = element("div", { className: "tools" });
      tools.append(label, counter);
      view.querySelector("h3").after(tools);
    }

    if (rows.length > 1) {
      view.classList.add("sortable");
      for (const head of table.tHead.rows[0].cells) {
        const button = element("button", { type: "button", textContent: head.textContent });
        head.replaceChildren(button);
        button.addEventListener("click", () => {
          const down = head.getAttribute("aria-sort") === "ascending";
          for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
          head.setAttribute("aria-sort", down ? "descending" : "ascending");
          sort(rows, head.cellIndex, down);
          keep();
        });
      }
    }

    // What is printed is the whole table, as it is filtered and sorted.
    let before = limit;
    window.addEventListener("beforeprint", () => {
      before = limit;
      limit = rows.length;
      draw();
    });
    window.addEventListener("afterprint", () => {
      limit = before;
      draw();
    });
    draw();
  }

  function textOf(row) {
    return Array.from(row.cells, (cell) => `${cell.textContent} ${cell.title}`)
      .join(" ")
      .toLowerCase();
  }

  function sort(rows, column, down) {
    const keys = new Map(rows.map((one) => [one, keyOf(one.row.cells[column])]));
    rows.sort((one, other) => {
      const order = compare(keys.get(one), keys.get(other));
      return down ? -order : order;
    });
  }

  function keyOf(cell) {
    const { key } = cell.dataset;
    return key === undefined ? cell.textContent : Number(key);
  }

  function compare(one, other) {
    return typeof one === "number" && typeof other === "number" ? one - other : collator.compare(one, other);
  }
})();
