// Keeps what is marked `data-live` fresh: when the desk says that something changed, the page is
// fetched again and that part is replaced. Without this file everything works, on reloading.
(() => {
  "use strict";
  const state = document.querySelector("[data-live-state]");
  const say = (words) => { if (state && state.textContent !== words) state.textContent = words; };
  let isLoading = false;
  let isWaiting = false;

  // What somebody has opened, chosen or begun to type must not vanish under their hands.
  const isInUse = (part) => part.contains(document.activeElement) &&
    /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);

  const replace = (part, fresh) => {
    if (part.innerHTML === fresh.innerHTML) return;
    const open = [...part.querySelectorAll("details[open][id]")].map((one) => one.id);
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const address = focused && focused.getAttribute("href");
    part.replaceChildren(...fresh.childNodes);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (address) part.querySelector(`[href="${CSS.escape(address)}"]`)?.focus();
  };

  const load = async () => {
    if (isLoading) { isWaiting = true; return; }
    isLoading = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (answer.redirected || !answer.ok) { say("Reload the page to go on."); return; }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      let isHeld = false;
      for (const part of document.querySelectorAll("[data-live][id]")) {
        const other = fresh.getElementById(part.id);
        if (!other) continue;
        if (isInUse(part)) { isHeld = true; } else { replace(part, other); }
      }
      say(isHeld ? "Something changed. Reload the page when you are done." : "Up to date by itself.");
    } catch {
      say("No connection to the desk; this page may be old.");
    } finally {
      isLoading = false;
      if (isWaiting) { isWaiting = false; load(); }
    }
  };

  if (!document.querySelector("[data-live]") || !("EventSource" in window)) return;
  let events = null;
  const listen = () => {
    events = new EventSource("/events");
    // What happened before the desk listened, or while there was no connection, was told to nobody.
    events.addEventListener("open", load);
    events.addEventListener("changed", load);
    events.addEventListener("error", () => say("No connection to the desk; this page may be old."));
  };
  // Browsers hold few connections to one place: pages nobody looks at give theirs back.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { events?.close(); events = null; }
    else if (!events) listen();
  });
  if (!document.hidden) listen();
})();
