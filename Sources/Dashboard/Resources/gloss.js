// What pages do besides being read: keys, copying, widths of context, and news of a daemon that runs.
const say = (text) => {
  const place = document.getElementById("said");
  if (!place) return;
  place.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { place.textContent = ""; }, 4000);
};

const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    say("copied");
  } catch {
    // Without a secure context there is no clipboard: the text can be taken by hand.
    window.prompt("Copy this:", text);
  }
};

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const path = button.dataset.path;
    copy(path ? `curl '${new URL(path, location.href)}'` : location.href);
  });
}

const widths = ["", "narrow", "snippet"];
const widthNames = { "": "window", narrow: "12 tokens", snippet: "5 tokens" };
const body = document.body;
const setWidth = (name) => {
  body.classList.remove("narrow", "snippet");
  if (name) body.classList.add(name);
  for (const button of document.querySelectorAll("[data-toggle=width]")) {
    button.textContent = `Context: ${widthNames[name]}`;
  }
};
const nextWidth = () => {
  const now = widths.findIndex((name) => name && body.classList.contains(name));
  setWidth(widths[(Math.max(now, 0) + 1) % widths.length]);
};
const toggleNumbers = () => {
  const are = body.classList.toggle("numbers");
  for (const button of document.querySelectorAll("[data-toggle=numbers]")) button.setAttribute("aria-pressed", are);
};
for (const controls of document.querySelectorAll(".controls")) controls.hidden = false;
for (const button of document.querySelectorAll("[data-toggle=width]")) button.addEventListener("click", nextWidth);
for (const button of document.querySelectorAll("[data-toggle=numbers]")) button.addEventListener("click", toggleNumbers);

const follow = (relation) => {
  const link = document.querySelector(`a[rel=${relation}]`);
  if (link) location.href = link.href;
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, dialog")) return;
  const actions = {
    "/": () => { const field = document.getElementById("search"); if (field) field.focus(); },
    ArrowLeft: () => follow("prev"),
    ArrowRight: () => follow("next"),
    u: () => follow("up"),
    n: toggleNumbers,
    w: nextWidth,
    "?": () => document.getElementById("help")?.showModal(),
  };
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

// Parts that are marked are fetched anew when results have come, at most every five seconds.
const parts = document.querySelectorAll("[data-refresh]");
if (body.hasAttribute("data-live") && parts.length > 0 && "EventSource" in window) {
  const label = document.getElementById("live");
  const pause = document.getElementById("pause");
  let isPaused = false;
  // Rates change though no result comes.
  const isAlwaysDue = document.querySelector("[data-refresh-always]") !== null;
  let isDue = false;
  let last = 0;
  const refresh = async () => {
    if (isPaused || !(isDue || isAlwaysDue) || Date.now() - last < 5000 || document.hidden) return;
    isDue = false;
    last = Date.now();
    try {
      const answer = await fetch(location.href);
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of parts) {
        const fresh = page.querySelector(`[data-refresh="${part.dataset.refresh}"]`);
        if (fresh) part.replaceChildren(...fresh.childNodes);
      }
      if (label) label.textContent = `● live, updated ${new Date().toLocaleTimeString()}`;
    } catch {
      if (label) label.textContent = "the daemon does not answer";
    }
  };
  const source = new EventSource("/v1/events");
  for (const type of ["message", "score", "explanation", "choice", "failure"]) {
    source.addEventListener(type, () => { isDue = true; });
  }
  source.addEventListener("open", () => { if (label) label.textContent = "● live"; });
  source.addEventListener("error", () => { if (label) label.textContent = "the daemon does not answer; trying again"; });
  setInterval(refresh, 1000);
  if (pause) {
    pause.hidden = false;
    pause.addEventListener("click", () => {
      isPaused = !isPaused;
      pause.textContent = isPaused ? "Go on" : "Pause";
      pause.setAttribute("aria-pressed", isPaused);
      if (label) label.textContent = isPaused ? "paused" : "● live";
    });
  }
}

// What changes something: the token stays in this tab, and the answer is told in words.
const changes = document.getElementById("changes");
if (changes) {
  const token = changes.querySelector("[name=token]");
  const answer = changes.querySelector("[data-answer]");
  const key = "gloss.write_token";
  changes.hidden = false;
  token.value = sessionStorage.getItem(key) ?? "";
  const told = (reply) => {
    if (reply.jobs !== undefined) return `${reply.jobs} jobs are tried again within seconds`;
    return `taken: ${reply.nodes.join(", ")} does it within seconds; load the page again to see what has come of it`;
  };
  const send = async (place, body) => {
    sessionStorage.setItem(key, token.value);
    answer.textContent = "asking…";
    let headers;
    try {
      headers = new Headers({ Authorization: `Bearer ${token.value}`, "Content-Type": "application/json" });
    } catch {
      answer.textContent = "the token has characters that no token has";
      return;
    }
    try {
      const reply = await fetch(place, { method: "POST", headers, body: JSON.stringify(body) });
      const value = await reply.json();
      answer.textContent = reply.ok ? told(value) : `refused: ${value.error.message}`;
    } catch {
      answer.textContent = "the daemon does not answer";
    }
  };
  for (const button of changes.querySelectorAll("button[data-post]")) {
    button.addEventListener("click", () => send(button.dataset.post, JSON.parse(button.dataset.body)));
  }
  for (const form of changes.querySelectorAll("form[data-post]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form.dataset.post, { ...JSON.parse(form.dataset.body), text: form.elements.text.value });
    });
  }
}
