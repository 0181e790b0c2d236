// What comes before each script of a component: where the page keeps things in this browser, for good and for this tab.
// Where the browser forbids it they are kept as long as the page stands there.
const { local, session } = (window.qcStores ??= { local: store("localStorage"), session: store("sessionStorage") });

function store(name) {
  try {
    window[name].getItem("");
    return window[name];
  } catch {
    document.documentElement.classList.add("qc-keeps-nothing");
    return Object.create({
      getItem(key) { return Object.hasOwn(this, key) ? this[key] : null; },
      setItem(key, text) { this[key] = text; },
      removeItem(key) { delete this[key]; },
    });
  }
}

function kept(store, name) {
  try {
    return JSON.parse(store.getItem(name)) ?? {};
  } catch {
    return {}; // not ours
  }
}

