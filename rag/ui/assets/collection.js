// The collection: a list that can be searched and filtered, and the dialogs that add, edit and remove.
// The filter is part of the next question, too: the component above the question box holds it (limit.js).
const root = document.documentElement;
const listening = { signal: renew() };
const part = (selector) => element.querySelector(selector);
const NAMES = ["since", "until", "publisher", "language"];
let filter = kept(session, "qc-filter");
let opened = new URLSearchParams(location.search).get("article"); // the article that reader.js shows
let shown = 0;
let request = 0; // the latest answer wins, however slow an earlier one is
let chosen = null; // the article that a dialog is about
let editing = 0; // the latest form that was asked for

function renew() {
  window.quellenchatCollection?.abort(); // should Gradio ever build this component a second time
  window.quellenchatCollection = new AbortController();
  return window.quellenchatCollection.signal;
}

const isOpen = () => root.classList.contains("qc-collection-open");
const call = async (name, asked) => (await server[name](asked).catch(() => null)) ?? { error: document.querySelector(".qc-sources")?.dataset.offline ?? "" };

// The list -----------------------------------------------------------------------------------------
async function refresh(searched = false) {
  const mine = ++request;
  const form = part(".qc-filters");
  if (!form) return;
  const reply = await call("list_articles", { ...filter, words: form.elements.search.value, shown, searched });
  if (mine !== request) return;
  if (reply.error !== undefined && !reply.markup) return void (part(".qc-list-status").textContent = reply.error);
  part(".qc-list").innerHTML = reply.markup; // escaped by the server, character by character
  part(".qc-list-status").textContent = reply.status ?? "";
  form.hidden = Boolean(reply.empty); // there is nothing to look for yet
  part(".qc-list-head .qc-lift").hidden = !Object.keys(filter).length;
  if (reply.publishers !== undefined) {
    form.elements.publisher.innerHTML = reply.publishers;
    form.elements.language.innerHTML = reply.languages;
  }
  for (const name of ["since", "until"]) form.elements[name].value = filter[name] ?? "";
  markOpened();
  document.dispatchEvent(new CustomEvent("qc-limit", { detail: { filter, chip: reply.chip ?? "" } }));
}

function markOpened() {
  for (const item of element.querySelectorAll(".qc-articles > li")) {
    const link = item.querySelector("h3 a");
    if (item.dataset.article === opened) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

// The button goes, or moves to the end of what came: whoever goes by keyboard goes on with the first of that.
async function showMore() {
  const before = part(".qc-articles").children.length;
  shown = before + 200;
  await refresh();
  part(`.qc-articles > li:nth-child(${before + 1}) h3 a`)?.focus();
}

function choose() {
  const { elements } = part(".qc-filters");
  filter = Object.fromEntries(NAMES.map((name) => [name, elements[name].value]).filter(([, value]) => value));
  session.setItem("qc-filter", JSON.stringify(filter));
  document.dispatchEvent(new CustomEvent("qc-limit", { detail: { filter } })); // a question may be quicker than the list
  shown = 0;
  refresh();
}

// The button is gone with the filter: what it stood above takes the focus.
function lift(button) {
  filter = {};
  session.removeItem("qc-filter");
  refresh();
  if (element.contains(button)) part(".qc-filters [name=search]").focus();
  else if (matchMedia("(hover: hover)").matches) document.querySelector("#qc-question-box textarea")?.focus(); // no touch keyboard
}

let typing = 0;
function search() {
  clearTimeout(typing);
  shown = 0;
  typing = setTimeout(() => refresh(true), 150);
}

// Views --------------------------------------------------------------------------------------------
function open(view) {
  root.classList.toggle("qc-collection-open", view === "collection");
  tellView();
  if (isOpen()) refresh();
}

function tellView() {
  for (const button of document.querySelectorAll("#qc-masthead [data-view]")) {
    const current = (button.dataset.view === "collection") === isOpen();
    if ((button.getAttribute("aria-current") === "true") !== current) button.setAttribute("aria-current", current);
  }
}

// Dialogs ------------------------------------------------------------------------------------------
// An article that the page's address names may be there before the dialogs are.
const there = (selector) =>
  new Promise((resolve) => {
    const look = () => part(selector) && (watcher.disconnect(), resolve(part(selector)));
    const watcher = new MutationObserver(look);
    watcher.observe(element, { childList: true, subtree: true });
    look();
  });

function openDialog(id, article) {
  const dialog = document.getElementById(id);
  chosen = article ?? null;
  dialog.querySelector(".qc-outcome")?.replaceChildren();
  for (const old of dialog.querySelectorAll(".qc-finished")) old.remove();
  if (id === "qc-removing") dialog.querySelector(".qc-which").textContent = article.title;
  dialog.showModal();
}

// Each run of adding tells of itself in a place of its own, which makes way for the next once it is finished.
async function run(work) {
  const progress = part("#qc-adding .qc-progress");
  for (const old of progress.querySelectorAll(".qc-finished")) old.remove();
  const place = progress.appendChild(document.createElement("div"));
  await work(place);
  place.classList.add("qc-finished");
}

// Shows how far a run is, and in the end what came of it and what was refused before it began.
async function follow(place, reply, done, refused = []) {
  if (reply.markup) place.innerHTML = reply.markup; // escaped by the server, character by character
  if (reply.error !== undefined) return reply.markup ? undefined : void (place.textContent = reply.error);
  for (;;) {
    const state = await call("adding_progress", reply.run);
    if (state.error !== undefined) return void (place.textContent = state.error);
    if (place.innerHTML !== state.markup) place.innerHTML = state.markup;
    if (state.finished) break;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  tellRefused(place, refused);
  if (!place.querySelector(".qc-failed, .qc-error")) done?.(); // what failed stays there to be corrected
  changed();
}

const changed = () => (trigger("change"), refresh());

function tellRefused(place, refused) {
  if (!refused.length) return;
  const list = document.createElement("ul");
  list.className = "qc-failed";
  for (const { name, why } of refused) {
    const line = list.appendChild(document.createElement("li"));
    line.appendChild(document.createElement("strong")).textContent = name;
    line.append(` – ${why}`);
  }
  place.append(list);
}

// Gradio tells of a failed upload by its status, "HTTP 413: …".
function whyRefused(error) {
  const { large, lost } = part(".qc-drop").dataset;
  return /^HTTP 413\b/.test(error?.message ?? "") ? large : lost;
}

async function addFiles(place, files) {
  const uploaded = [];
  const refused = [];
  for (const file of files) {
    place.textContent = file.name;
    try {
      uploaded.push({ name: file.name, path: (await upload(file)).path });
    } catch (error) {
      refused.push({ name: file.name, why: whyRefused(error) });
    }
  }
  place.textContent = "";
  if (uploaded.length) await follow(place, await call("add_files", { files: uploaded }), null, refused);
  else tellRefused(place, refused);
}

function add(list) {
  const files = [...list]; // the list empties itself
  if (files.length) run((place) => addFiles(place, files));
}

const addForm = async (place, name, form) => follow(place, await call(name, Object.fromEntries(new FormData(form))), () => form.reset());

// What a dialog was opened from may be gone or hidden when it closes: whoever goes by keyboard goes on nearby.
function settle() {
  const focused = document.activeElement;
  const lost = focused === document.body || !focused.getClientRects().length;
  if (lost && isOpen()) part(".qc-collection-head .qc-add").focus();
}

async function remove(dialog) {
  const place = [...element.querySelectorAll(".qc-articles > li")].findIndex((item) => item.dataset.article === chosen.article);
  const { article } = chosen;
  if (!(await finish(dialog, "remove_article", article))) return;
  document.dispatchEvent(new CustomEvent("qc-removed", { detail: article }));
  const left = element.querySelectorAll(".qc-articles .qc-remove");
  left[Math.min(place, left.length - 1)]?.focus();
  settle();
}

// A dialog that is about another article by now stays open.
async function finish(dialog, name, asked) {
  const about = chosen;
  const reply = await call(name, asked);
  if (chosen === about && reply.error === undefined) dialog.close();
  else if (chosen === about) dialog.querySelector(".qc-outcome").textContent = reply.error;
  if (reply.error !== undefined) return;
  await changed();
  return true;
}

// Only what was changed or called right is sent: the rest stays as the article's file has it.
async function openEditor(article) {
  const mine = ++editing;
  const reply = await call("edit_form", article.article);
  if (mine !== editing || document.querySelector("dialog[open]")) return; // something else was opened meanwhile
  if (reply.markup === undefined) return void ((await there(".qc-list-status")).textContent = reply.error);
  (await there("#qc-editing form")).innerHTML = reply.markup; // escaped by the server, character by character
  openDialog("qc-editing", article);
}

function edited(form) {
  const right = new FormData(form).getAll("right");
  const initial = (field) => (field.options ? [...field.options].find((one) => one.defaultSelected)?.value : field.defaultValue);
  const fields = [...form.elements].filter((field) => field.matches(".qc-field > *"));
  const sent = fields.filter((field) => field.value !== initial(field) || right.includes(field.name));
  return Object.fromEntries(sent.map((field) => [field.name, field.value]));
}

async function edit(form) {
  const { article } = chosen;
  const changes = edited(form);
  const dialog = form.closest("dialog");
  if (!Object.keys(changes).length) return dialog.close();
  if (!(await finish(dialog, "edit_article", { article, changes }))) return;
  document.dispatchEvent(new CustomEvent("qc-edited", { detail: article }));
  if (isOpen()) part(`[data-article="${CSS.escape(article)}"] .qc-edit`)?.focus();
}

// What the person does -----------------------------------------------------------------------------
function pressed(event) {
  const on = (selector) => event.target.closest?.(selector);
  const view = on("[data-view]");
  if (view) return open(view.dataset.view);
  if (on(".qc-lift")) return lift(on(".qc-lift"));
  const shown = on("#qc-reader [data-article]");
  if (shown && on(".qc-edit")) return openEditor({ ...shown.dataset });
  if (on("button.qc-add")) return open("collection"), there("#qc-adding").then(() => openDialog("qc-adding"));
  if (!element.contains(event.target)) return;
  const dialog = on("dialog");
  if (on(".qc-dismiss")) return dialog.close();
  if (on(".qc-danger")) return remove(dialog);
  if (on(".qc-more-articles")) return showMore();
  const item = on("[data-article]");
  if (!item || on(".qc-original")) return;
  if (on(".qc-edit")) return openEditor({ ...item.dataset });
  if (on(".qc-remove")) return openDialog("qc-removing", { ...item.dataset });
  if (!String(getSelection())) {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("qc-open", { detail: { article: item.dataset.article, byKeyboard: event.detail === 0 } }));
  }
}

function sent(event) {
  event.preventDefault();
  const form = event.target;
  if (form.matches(".qc-edit-form")) return edit(form);
  const name = form.matches(".qc-from-address") ? "add_address" : form.matches(".qc-from-text") && "add_text";
  if (name) run((place) => addForm(place, name, form));
}

// Files may be dropped anywhere: a browser would open them in the page's place.
function dropped(event) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  if (document.querySelector(".qc-reads-only")) return;
  root.classList.toggle("qc-dropping", event.type === "dragover");
  if (event.type !== "drop") return;
  if (!isOpen()) open("collection");
  if (!document.getElementById("qc-adding").open) openDialog("qc-adding");
  add(event.dataTransfer.files);
}

document.addEventListener("click", pressed, listening);
document.addEventListener("qc-opened", (event) => { opened = event.detail; markOpened(); }, listening);
element.addEventListener("submit", sent, listening);
element.addEventListener("close", settle, { capture: true, ...listening });
element.addEventListener("input", (event) => event.target.name === "search" && search(), listening);
element.addEventListener("change", (event) => {
  if (NAMES.includes(event.target.name) && event.target.closest(".qc-filters")) choose();
  if (event.target.type !== "file") return;
  add(event.target.files);
  event.target.value = ""; // the same file can be chosen again
}, listening);
for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, dropped, listening);
new MutationObserver(tellView).observe(document.getElementById("qc-masthead"), { subtree: true, childList: true });
watch("value", () => { if (isOpen() || Object.keys(filter).length) refresh(); tellView(); });
