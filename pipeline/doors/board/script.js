"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const language = document.documentElement.lang;
  const { words, kinds, provinces, states, marks } = data;
  const PAGE = 100;
  const [NUMBER, KIND, PROVINCE, PLACE, STATE, MARKS, SUBJECT, REASONS, WORD, PDF, PICTURE] = Array(11).keys();
  const documents = data.documents;
  const at = (id) => document.getElementById(id);
  const body = document.querySelector("#table tbody");
  const fold = (text) => text.normalize("NFC").toLowerCase();
  // Searched as it is shown: once made, a key press costs one pass over these texts.
  const texts = documents.map((one) =>
    fold([one[NUMBER], kinds[one[KIND]], provinces[one[PROVINCE]], one[PLACE], one[SUBJECT], states[one[STATE]][0], ...(one[REASONS] || [])].join("\n")));
  const wanted = { text: "", kind: "", state: "", province: "", mark: "" };
  const order = { column: "", down: false };
  const KEYS = {
    number: (one) => one[NUMBER], kind: (one) => one[KIND], place: (one) => one[PLACE], subject: (one) => one[SUBJECT] || "", state: (one) => one[STATE],
  };
  const collator = new Intl.Collator(language, { numeric: true });
  const buttons = [...document.querySelectorAll("button[aria-pressed]")];
  let found = documents.map((_, place) => place);
  let page = 0;

  const make = (tag, attributes, ...inside) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
    element.append(...inside);
    return element;
  };
  const path = (name) => (data.base + name).split("/").map((part) => (part === ".." ? part : encodeURIComponent(part))).join("/");
  const count = (number) => number.toLocaleString(language);
  const said = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const cells = {
    number: (one) => make("th", { scope: "row", role: "rowheader" }, one[NUMBER]),
    kind: (one) => make("td", { class: "kind", role: "cell" }, kinds[one[KIND]]),
    place: (one) => make("td", { class: "place", role: "cell" }, one[PLACE]),
    subject: (one) => make("td", { role: "cell" }, one[SUBJECT] || ""),
    state: (one) => {
      const [name, look] = states[one[STATE]];
      const cell = make("td", { role: "cell" }, make("span", { class: "state " + look }, name));
      if (one[REASONS] && one[REASONS].length) cell.append(make("ul", {}, ...one[REASONS].map((text) => make("li", {}, text))));
      return cell;
    },
    files: (one) => {
      const cell = make("td", { role: "cell" });
      const links = make("div", { class: "files" });
      if (one[PICTURE]) links.append(make("img", { src: one[PICTURE], alt: said(words.picture, { number: one[NUMBER] }), loading: "lazy" }));
      for (const [name, file] of [["PDF", one[PDF]], ["Word", one[WORD]]])
        if (file) links.append(make("a", { href: path(file), "aria-label": name + " " + one[NUMBER] }, name));
      if (links.childNodes.length) cell.append(links);
      return cell;
    },
  };
  // Roles are said again: on a phone rows are laid out as cards, and some browsers then forget what they are.
  const heads = [...document.querySelectorAll("#table thead th")];
  const columns = heads.map((head) => head.dataset.column);
  const row = (place) => make("tr", { role: "row" }, ...columns.map((name) => cells[name](documents[place])));

  const nothing = () =>
    make("tr", { role: "row" }, make("td", { role: "cell", colspan: columns.length }, words.none));

  const show = () => {
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    page = Math.min(Math.max(page, 0), pages - 1);
    const first = page * PAGE;
    body.replaceChildren(...(found.length ? found.slice(first, first + PAGE).map(row) : [nothing()]));
    at("told").textContent = said(words.found, { found: count(found.length), all: count(documents.length) });
    at("place").textContent = found.length
      ? said(words.place, { first: count(first + 1), last: count(Math.min(first + PAGE, found.length)), all: count(found.length) }) : "";
    at("back").disabled = page === 0;
    at("on").disabled = page >= pages - 1;
  };

  // Texts are compared once a column; after that numbers are.
  const known = {};
  const ranked = (column) => {
    if (known[column]) return known[column];
    const key = KEYS[column];
    const values = [...new Set(documents.map(key))];
    values.sort((a, b) => (typeof a === "number" ? a - b : collator.compare(a, b)));
    const rank = new Map(values.map((value, place) => [value, place]));
    known[column] = Int32Array.from(documents, (one) => rank.get(key(one)));
    return known[column];
  };

  // What was chosen, on the buttons and in words: on paper nobody sees fields and buttons.
  const tell = () => {
    const filters = [wanted.text.trim()];
    for (const id of ["kind", "state"]) {
      at(id).value = wanted[id];
      if (wanted[id] !== "") filters.push(at(id).selectedOptions[0].textContent);
    }
    for (const button of buttons) {
      const [[name, value]] = Object.entries(button.dataset);
      const pressed = value !== "" && wanted[name] === value;
      button.setAttribute("aria-pressed", String(pressed));
      if (pressed && name === "province") filters.push(provinces[value] || button.querySelector("strong").textContent);
      if (pressed && name === "mark") filters.push(button.lastChild.textContent);
    }
    at("order").value = order.column && order.column + (order.down ? " descending" : " ascending");
    for (const head of heads) {
      const way = head.dataset.column === order.column ? (order.down ? "descending" : "ascending") : "none";
      if (head.ariaSort) head.ariaSort = way;
    }
    const chosen = filters.filter(Boolean);
    at("chosen").textContent = chosen.length ? said(words.chosen, { filters: chosen.join(" · ") }) : "";
  };

  const choose = () => {
    const parts = fold(wanted.text).split(/\s+/).filter(Boolean);
    const bit = wanted.mark === "" ? 0 : 1 << marks.indexOf(wanted.mark);
    found = [];
    for (let place = 0; place < documents.length; place += 1) {
      const one = documents[place];
      if (wanted.kind !== "" && one[KIND] !== +wanted.kind) continue;
      if (wanted.state !== "" && one[STATE] !== +wanted.state) continue;
      if (wanted.province !== "" && one[PROVINCE] !== +wanted.province) continue;
      if (bit && !(one[MARKS] & bit)) continue;
      if (parts.every((part) => texts[place].includes(part))) found.push(place);
    }
    if (order.column) {
      const ranks = ranked(order.column);
      const way = order.down ? -1 : 1;
      found.sort((a, b) => way * (ranks[a] - ranks[b]) || a - b);
    }
    page = 0;
    tell();
    show();
  };

  for (const [id, names] of [["kind", kinds], ["state", states.map((one) => one[0])]]) {
    const used = new Set(documents.map((one) => one[id === "kind" ? KIND : STATE]));
    names.forEach((name, place) => used.has(place) && at(id).append(make("option", { value: place }, name)));
    at(id).addEventListener("change", () => { wanted[id] = at(id).value; choose(); });
  }
  at("search").addEventListener("input", () => { wanted.text = at("search").value; choose(); });
  document.querySelector(".tools").addEventListener("submit", (event) => event.preventDefault());
  at("reset").addEventListener("click", () => {
    Object.keys(wanted).forEach((name) => { wanted[name] = ""; });
    at("search").value = "";
    choose();
  });
  for (const button of buttons) {
    const [[name, value]] = Object.entries(button.dataset);
    button.addEventListener("click", () => { wanted[name] = wanted[name] === value ? "" : value; choose(); });
  }
  const sort = (column, down) => { order.column = column; order.down = down; choose(); };
  for (const head of heads)
    head.querySelector("button")?.addEventListener("click", () => sort(head.dataset.column, head.ariaSort === "ascending"));
  at("order").addEventListener("change", () => {
    const [column, way] = at("order").value.split(" ");
    sort(column, way === "descending");
  });
  for (const [id, step] of [["back", -1], ["on", 1]])
    at(id).addEventListener("click", () => { page += step; show(); at("documents").scrollIntoView(); });
  // On paper all that was chosen stands in one table, and nobody can unfold what the numbers mean.
  const meanings = at("meanings");
  let wasOpen = false;
  addEventListener("beforeprint", () => {
    wasOpen = meanings.open;
    meanings.open = true;
    if (found.length) body.replaceChildren(...found.map(row));
  });
  addEventListener("afterprint", () => { meanings.open = wasOpen; show(); });
  choose();
})();
