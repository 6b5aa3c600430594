// The interactive page of a network: everything it shows stands in the page itself, and nothing is fetched.
"use strict";
const find = (selector) => document.querySelector(selector);
const data = JSON.parse(find("#data").textContent);
const words = data.words;
const picture = find("#picture"), world = find("#world"), panel = find("#panel"), box = find("#search input");
const nodeShapes = [...document.querySelectorAll(".node")], edgeShapes = [...document.querySelectorAll(".edge")];
const legend = find("#legend"), view = { x: 0, y: 0, k: 1 };
const edgesOf = data.nodes.map(() => []);
data.edges.forEach((edge, i) => new Set([edge.s, edge.o]).forEach((end) => edgesOf[end].push(i)));
const off = new Set(); // classes that the legend has switched off
let day = null, hits = [], hit = -1, chosen = null;

// ---- Elements: text is only ever set as text, and links lead to the web only.
function make(tag, content = "", name = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (Array.isArray(content)) element.append(...content);
  else element.textContent = content;
  return element;
}
function link(address, text = address) {
  if (!/^https?:\/\//i.test(address)) return make("span", text);
  const element = make("a", text);
  element.href = address;
  element.target = "_blank";
  element.rel = "noopener noreferrer";
  return element;
}
function button(text, action) {
  const element = make("button", text);
  element.type = "button";
  element.addEventListener("click", action);
  return element;
}

// ---- Zoom and pan.
let waiting = false, fitted = true;
function draw() {
  world.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.k})`);
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; thin(); });
}
function zoom(factor, x = picture.clientWidth / 2, y = picture.clientHeight / 2) {
  const k = Math.min(12, Math.max(0.03, view.k * factor));
  view.x = x - (x - view.x) * k / view.k;
  view.y = y - (y - view.y) * k / view.k;
  view.k = k;
  fitted = false;
  draw();
}
function fit() {
  const [left, top, wide, high] = data.box, room = 16;
  const beside = picture.clientWidth > 700 && legend.open ? legend.offsetWidth + 10 : 0;
  view.k = Math.min(1.6, (picture.clientWidth - beside - 2 * room) / wide, (picture.clientHeight - 2 * room) / high);
  view.k = Math.max(view.k, 0.03);
  fitted = true;
  view.x = (picture.clientWidth + beside) / 2 - (left + wide / 2) * view.k;
  view.y = picture.clientHeight / 2 - (top + high / 2) * view.k;
  draw();
}
function center(i) {
  view.k = Math.max(view.k, 0.9);
  fitted = false;
  view.x = picture.clientWidth / 2 - data.nodes[i].x * view.k;
  view.y = picture.clientHeight / 2 - data.nodes[i].y * view.k;
  draw();
}
picture.addEventListener("wheel", (event) => {
  event.preventDefault();
  const frame = picture.getBoundingClientRect();
  zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), event.clientX - frame.left, event.clientY - frame.top);
}, { passive: false });
const fingers = new Map();
let moved = false;
picture.addEventListener("pointerdown", (event) => {
  if (!fingers.size) moved = false;
  fingers.set(event.pointerId, { x: event.clientX, y: event.clientY, from: [event.clientX, event.clientY] });
});
picture.addEventListener("pointermove", (event) => {
  const finger = fingers.get(event.pointerId);
  if (!finger) return;
  if (!moved && Math.hypot(event.clientX - finger.from[0], event.clientY - finger.from[1]) < 4) return;
  if (!moved) { moved = true; picture.classList.add("moving"); picture.setPointerCapture(event.pointerId); }
  const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
  if (other) {
    const frame = picture.getBoundingClientRect();
    const before = Math.hypot(finger.x - other.x, finger.y - other.y), now = Math.hypot(event.clientX - other.x, event.clientY - other.y);
    if (before > 0) zoom(now / before, (event.clientX + other.x) / 2 - frame.left, (event.clientY + other.y) / 2 - frame.top);
  } else {
    fitted = false;
    view.x += event.clientX - finger.x;
    view.y += event.clientY - finger.y;
    draw();
  }
  finger.x = event.clientX;
  finger.y = event.clientY;
});
for (const name of ["pointerup", "pointercancel"]) {
  addEventListener(name, (event) => { fingers.delete(event.pointerId); if (!fingers.size) picture.classList.remove("moving"); });
}

// ---- Labels: no smaller than can be read, and where they would overlap, those of nodes with more edges.
const texts = nodeShapes.map((shape) => shape.querySelector("text"));
const shapes = nodeShapes.map((node) => node.querySelector(".shape"));
const boxes = texts.map((text) => text.getBBox());
const order = data.nodes.map((node, i) => i).sort((a, b) => data.nodes[b].placed - data.nodes[a].placed || edgesOf[b].length - edgesOf[a].length || a - b);
let size = 0;
function thin() {
  const factor = view.k < 0.75 ? 0.75 / view.k : view.k > 1 && !data.roomy ? view.k ** -0.5 : 1;
  if (factor === size) return;
  size = factor;
  const cells = new Map(), step = 60 * factor;
  for (const i of order) {
    const text = boxes[i], x = data.nodes[i].x, y = data.nodes[i].y;
    texts[i].setAttribute("transform", `scale(${factor})`);
    shapes[i].setAttribute("transform", `scale(${Math.min(factor, 1)})`);
    if (nodeShapes[i].classList.contains("gone")) continue;
    const frame = [x + text.x * factor, y + text.y * factor, x + (text.x + text.width) * factor, y + (text.y + text.height * 0.9) * factor];
    const keys = [];
    for (let a = Math.floor(frame[0] / step); a <= frame[2] / step; a++) for (let b = Math.floor(frame[1] / step); b <= frame[3] / step; b++) keys.push(`${a} ${b}`);
    const over = keys.some((key) => cells.get(key)?.some((o) => o[0] < frame[2] && o[2] > frame[0] && o[1] < frame[3] && o[3] > frame[1]));
    nodeShapes[i].classList.toggle("crowded", over);
    if (!over) keys.forEach((key) => cells.has(key) ? cells.get(key).push(frame) : cells.set(key, [frame]));
  }
}

// ---- What is shown: classes of the legend, and the edges that hold on a day.
const holds = (edge) => day === null || !edge.spells.length || edge.spells.some(([from, until]) => (!from || from <= day) && (!until || day < until));
function filter() {
  data.nodes.forEach((node, i) => nodeShapes[i].classList.toggle("gone", off.has(node.kind)));
  const live = new Set();
  data.edges.forEach((edge, i) => {
    const gone = off.has(data.nodes[edge.s].kind) || off.has(data.nodes[edge.o].kind) || !holds(edge);
    edgeShapes[i].classList.toggle("gone", gone);
    if (!gone) live.add(edge.s).add(edge.o);
  });
  nodeShapes.forEach((shape, i) => shape.classList.toggle("faint", day !== null && !live.has(i)));
  size = 0;
  draw();
}
for (const key of document.querySelectorAll("#legend button")) {
  key.addEventListener("click", () => {
    const kind = Number(key.dataset.kind), shown = off.has(kind);
    shown ? off.delete(kind) : off.add(kind);
    key.setAttribute("aria-pressed", String(shown));
    filter();
  });
}
const slider = find("#time input[type=range]"), every = find("#time input[type=checkbox]");
if (slider) {
  const told = find("#time output"), date = () => new Date(slider.value * 864e5).toISOString().slice(0, 10);
  const change = () => { day = every.checked ? null : date(); told.textContent = day ?? words.always; filter(); };
  slider.addEventListener("input", () => { every.checked = false; change(); });
  every.addEventListener("change", change);
}

// ---- The panel.
const list = (items) => make("ul", items.map((item) => make("li", item)));
const heading = (text) => make("h3", text);
function facts(rows) {
  return make("dl", rows.flatMap(([name, values]) => [make("dt", name), make("dd", values.flatMap(([text, iri], i) => [i ? "; " : "", iri ? link(iri, text) : text]))]));
}
const sentence = (edge) => [data.nodes[edge.s].label, data.relations[edge.r], data.nodes[edge.o].label].join(" ");
const spell = ([from, until]) => from && until ? `${from} – ${until}` : from ? words.since.replace("{}", from) : words.until.replace("{}", until);
const dates = (spells) => spells.map(spell).join("; ");
function open(parts, shapes, near) {
  close();
  panel.replaceChildren(...parts, Object.assign(button("×", close), { className: "close", ariaLabel: words.close }));
  panel.hidden = false;
  panel.scrollTop = 0;
  shapes.forEach((shape) => shape.classList.add("on"));
  near.forEach((i) => nodeShapes[i].classList.add("near"));
}
function close() {
  panel.hidden = true;
  document.querySelectorAll(".on, .near").forEach((shape) => shape.classList.remove("on", "near"));
}
function openNode(i) {
  const node = data.nodes[i], links = edgesOf[i];
  const lines = links.map((e) => [button(sentence(data.edges[e]), () => openEdge(e)), make("div", dates(data.edges[e].spells), "quiet small")]);
  const iri = make("p", [link(node.iri)], "small");
  open([make("h2", node.label), make("p", data.kinds[node.kind], "quiet"), facts(node.facts), iri, heading(`${words.links} (${links.length})`), list(lines)],
    [nodeShapes[i], ...links.map((e) => edgeShapes[e])], links.flatMap((e) => [data.edges[e].s, data.edges[e].o]));
  chosen = nodeShapes[i];
}
function cited(number) {
  const { iri, title, publisher, published, address, unreliable, archive } = data.sources[number];
  return [make("div", [publisher, published].filter(Boolean).join(", "), "quiet small"), link(unreliable ? iri : address || iri, title || iri),
    ...(unreliable ? [make("div", unreliable, "small")] : []), ...(archive ? [link(archive, words.archive)] : [])];
}
function openEdge(i) {
  const edge = data.edges[i], parts = [make("h2", sentence(edge))];
  if (edge.spells.length) parts.push(make("p", dates(edge.spells), "quiet"));
  parts.push(facts(edge.facts), heading(words.ends), list([edge.s, edge.o].map((end) => [button(data.nodes[end].label, () => openNode(end))])));
  for (const [iri, numbers] of edge.evidence) parts.push(heading(words.evidence), make("p", [link(iri)], "small"), list(numbers.map(cited)));
  if (!edge.evidence.length) parts.push(make("p", words.none, "quiet small"));
  open(parts, [edgeShapes[i]], [edge.s, edge.o]);
  chosen = nodeShapes[edge.s];
}
picture.addEventListener("click", (event) => {
  if (moved) return;
  const node = event.target.closest(".node"), edge = event.target.closest(".edge");
  if (node) openNode(Number(node.dataset.i));
  else if (edge) openEdge(Number(edge.dataset.i));
  else close();
});

// ---- Search.
function search() {
  const text = box.value.trim().toLowerCase();
  hits = text ? order.filter((i) => [data.nodes[i].label, data.nodes[i].iri, data.nodes[i].name].some((one) => one.toLowerCase().includes(text))) : [];
  hit = -1;
  nodeShapes.forEach((shape) => shape.classList.remove("hit"));
  hits.forEach((i) => nodeShapes[i].classList.add("hit"));
  find("#hits").textContent = text ? words.hits.replace("{}", hits.length) : "";
}
box.addEventListener("input", search);
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !hits.length) return;
  event.preventDefault();
  hit = (hit + 1) % hits.length;
  openNode(hits[hit]);
  center(hits[hit]);
});

// ---- Keys and buttons.
const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (document.activeElement === box) { box.value = ""; search(); }
    if (panel.contains(document.activeElement)) chosen?.focus();
    close();
  } else if (event.target.closest("input, #panel")) return;
  else if (steps[event.key]) { fitted = false; view.x += steps[event.key][0]; view.y += steps[event.key][1]; draw(); event.preventDefault(); }
  else if (event.key === "+" || event.key === "=") zoom(1.25);
  else if (event.key === "-") zoom(0.8);
  else if (event.key === "0") fit();
  else if (event.key === "Enter" && event.target.closest(".node")) openNode(Number(event.target.closest(".node").dataset.i));
});
picture.addEventListener("focusin", (event) => {
  const node = event.target.closest(".node:focus-visible"), frame = picture.getBoundingClientRect();
  if (!node) return;
  const spot = node.getBoundingClientRect();
  if (spot.left < frame.left || spot.top < frame.top || spot.right > frame.right || spot.bottom > frame.bottom) center(Number(node.dataset.i));
});
find("#in").addEventListener("click", () => zoom(1.25));
find("#out").addEventListener("click", () => zoom(0.8));
find("#fit").addEventListener("click", fit);
new ResizeObserver(() => { if (fitted) fit(); }).observe(picture);
legend.addEventListener("toggle", () => { if (fitted) fit(); });
if (picture.clientWidth <= 700) legend.open = false;
picture.removeAttribute("viewBox");
fit();
