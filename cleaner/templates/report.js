"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const documents = all(".doc");
  const list = one("#list");
  const search = one("#search"), filter = one("#filter"), order = one("#order"), only = one("#only");

  // --- which documents are shown ---

  const texts = new Map();
  const textOf = (each) => {
    if (!texts.has(each)) texts.set(each, each.textContent.toLowerCase());
    return texts.get(each);
  };
  const meets = (each, wanted) => {
    if (!wanted) return true;
    if (wanted === "*met") return each.dataset.rules !== "";
    if (wanted === "*flagged") return each.classList.contains("flagged");
    const rules = each.dataset.rules.split(" ");
    return wanted.endsWith("/") ? rules.some((rule) => rule.startsWith(wanted)) : rules.includes(wanted);
  };
  const rowMeets = (row, wanted) => !wanted || wanted[0] === "*" || row.dataset.rule === wanted || (wanted.endsWith("/") && row.dataset.rule.startsWith(wanted));

  function show() {
    const sought = search.value.trim().toLowerCase();
    let shown = 0;
    for (const each of documents) {
      each.hidden = !(meets(each, filter.value) && (!sought || textOf(each).includes(sought)));
      shown += !each.hidden;
    }
    one("#found").value = shown === documents.length ? `${shown} shown` : `${shown} of ${documents.length} shown`;
    one("#nothing").hidden = shown > 0 || !documents.length;
    mark(sought);
  }

  function mark(sought) {
    if (!window.CSS || !CSS.highlights) return;
    CSS.highlights.delete("found");
    if (sought.length < 2) return;
    const found = new Highlight();
    let count = 0;
    for (const each of documents) {
      if (each.hidden) continue;
      const walker = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node && count < 2000; node = walker.nextNode()) {
        const text = node.data.toLowerCase();
        // Some letters become two in lower case; then places would be wrong.
        if (text.length !== node.data.length) continue;
        for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + sought.length);
          found.add(range);
          count += 1;
          const fold = node.parentElement.closest(".fold");
          if (fold) fold.open = true;
        }
      }
    }
    CSS.highlights.set("found", found);
  }

  function arrange() {
    const by = order.value === "share" ? (a, b) => b.dataset.share - a.dataset.share : (a, b) => documents.indexOf(a) - documents.indexOf(b);
    list.append(...[...documents].sort(by));
  }

  function showRule(rule) {
    filter.value = rule;
    search.value = "";
    show();
    one("#documents").scrollIntoView();
  }

  function clear() {
    search.value = filter.value = "";
    only.checked = false;
    list.classList.remove("only");
    show();
  }

  let waiting = 0;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, 120); });
  filter.addEventListener("change", show);
  order.addEventListener("change", arrange);
  only.addEventListener("change", () => list.classList.toggle("only", only.checked));

  // --- what the reader wants to change ---

  const known = JSON.parse(document.body.dataset.known);
  const store = `cleaner report ${documents.length} ${document.title} ${one(".lead").textContent}`;
  const chosen = { keep: new Set(), ignore: new Set() };
  try {
    const before = JSON.parse(localStorage.getItem(store)) || {};
    for (const name of ["keep", "ignore"]) for (const entry of before[name] || []) chosen[name].add(entry);
  } catch { /* Without storage, choices last as long as the page. */ }

  function draw() {
    for (const button of all(".keep")) {
      const line = button.closest("[data-line]");
      const is = chosen.keep.has(line.dataset.line);
      button.setAttribute("aria-pressed", is);
      button.textContent = is ? "kept" : "keep";
      line.classList.toggle("kept", is);
    }
    for (const each of all("[data-rule]")) each.classList.toggle("ignored", chosen.ignore.has(each.dataset.rule));
    for (const button of all(".ignore")) {
      const is = chosen.ignore.has(button.closest("[data-rule]").dataset.rule);
      button.setAttribute("aria-pressed", is);
      button.textContent = is ? "ignored" : button.dataset.say;
    }
    const count = chosen.keep.size + chosen.ignore.size;
    one(".basket").hidden = !count;
    one("#count").textContent = count === 1 ? "1 change" : `${count} changes`;
    one("#config pre").textContent = configuration();
    try {
      localStorage.setItem(store, JSON.stringify({ keep: [...chosen.keep], ignore: [...chosen.ignore] }));
    } catch { /* As above. */ }
  }

  function toggle(name, entry) {
    if (!chosen[name].delete(entry)) chosen[name].add(entry);
    draw();
  }

  // A line without letters, a long one, and one that looks like a pattern must be written as patterns.
  function entryFor(line) {
    if (/[\p{L}\p{N}]/u.test(line) && line.length <= 600 && !line.startsWith("re:")) return line;
    return "re:" + line.trim().replace(/[.*+?^${}()|[\]\\#&~-]/g, "\\$&").replace(/[‘’“”–—]/g, ".");
  }
  const quoted = (text) => JSON.stringify(text).replace(/\x7f/g, "\\u007f");
  const tomlList = (name, entries) => `${name} = [\n${entries.map((entry) => `  ${quoted(entry)},\n`).join("")}]\n`;

  function configuration() {
    const keep = [...new Set([...known.keep, ...[...chosen.keep].map(entryFor)])];
    const ignore = [...new Set([...known.ignore, ...chosen.ignore])];
    return (chosen.keep.size ? tomlList("keep", keep) : "") + (chosen.ignore.size ? tomlList("ignore", ignore) : "");
  }

  async function copy(button) {
    const pre = one("#config pre");
    try {
      await navigator.clipboard.writeText(pre.textContent);
    } catch {
      getSelection().selectAllChildren(pre);
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  }

  // --- clicks ---

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const data = button.dataset;
    if (button.classList.contains("keep")) toggle("keep", button.closest("[data-line]").dataset.line);
    else if (button.classList.contains("ignore")) toggle("ignore", button.closest("[data-rule]").dataset.rule);
    else if ("filter" in data) showRule(data.filter);
    else if ("config" in data) one("#config").showModal();
    else if ("help" in data) one("#help").showModal();
    else if ("close" in data) button.closest("dialog").close();
    else if ("copy" in data) copy(button);
    else if ("reset" in data) { chosen.keep.clear(); chosen.ignore.clear(); draw(); one("#config").close(); }
    else if ("clear" in data) clear();
    else if ("more" in data) { for (const row of all(".more")) row.hidden = false; button.hidden = true; }
  });

  // --- links: what they lead to is opened first ---

  function reach() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const doc = target.closest(".doc");
    if (doc && doc.hidden) clear();
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
    if (target.matches(".row[data-rule]")) step(target);
  }
  window.addEventListener("hashchange", reach);

  // --- keys ---

  let current = null;
  function step(row) {
    if (current) current.classList.remove("current");
    current = row;
    if (!row) return;
    row.classList.add("current");
    row.scrollIntoView({ block: "center" });
  }
  function move(by) {
    const rows = all(".row[data-rule]", list).filter((row) => !row.closest(".doc").hidden && rowMeets(row, filter.value));
    const at = rows.indexOf(current);
    if (rows.length) step(rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)]);
  }
  function moveDocument(by) {
    const shown = all(".doc", list).filter((each) => !each.hidden);
    const at = current ? shown.indexOf(current.closest(".doc")) : -1;
    const next = shown[at < 0 ? 0 : Math.min(Math.max(at + by, 0), shown.length - 1)];
    if (!next) return;
    step(one(".row[data-rule]", next) || one(".row", next));
    next.scrollIntoView();
  }
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    n: () => moveDocument(1),
    p: () => moveDocument(-1),
    x: () => { if (current && one(".keep", current)) toggle("keep", current.dataset.line); },
    i: () => { if (current && current.dataset.rule && !current.dataset.rule.startsWith("own/")) toggle("ignore", current.dataset.rule); },
    c: () => { if (chosen.keep.size + chosen.ignore.size) one("#config").showModal(); },
    "/": () => { search.focus(); search.scrollIntoView({ block: "center" }); },
    "?": () => one("#help").showModal(),
    Escape: clear,
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
    if (event.target.matches("input, select, textarea")) {
      if (event.key === "Escape") { event.target.blur(); clear(); }
      return;
    }
    if (!(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });

  window.addEventListener("beforeprint", () => { for (const fold of all(".fold")) fold.open = true; });
  draw();
  show();
  reach();
})();
