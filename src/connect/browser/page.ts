/** The script of the hosted pages. Without it the pages work too, but they cannot report to the window's opener. */
(() => {
  const report = document.querySelector<HTMLElement>("[data-report]");
  const { opener: target, report: message } = report?.dataset ?? {};
  if (target && message) (window.opener as Window | null)?.postMessage(JSON.parse(message), target);

  // Send a form only once, however often its button is pressed, and show that it is being sent.
  for (const form of document.querySelectorAll("form")) {
    const button = form.querySelector("button");
    const status = form.querySelector<HTMLElement>("[data-busy]");
    form.addEventListener("submit", (event) => {
      if (form.hasAttribute("data-sent")) return event.preventDefault();
      form.setAttribute("data-sent", "");
      button?.setAttribute("aria-disabled", "true");
      if (status) status.textContent = status.dataset["busy"] ?? "";
    });
  }
  // After "back", the browser may show the page as it was left: enable its form again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) {
      form.removeAttribute("data-sent");
      form.querySelector("button")?.removeAttribute("aria-disabled");
      const status = form.querySelector("[data-busy]");
      if (status) status.textContent = "";
    }
  });
})();
