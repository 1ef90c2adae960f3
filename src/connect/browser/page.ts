/** The script of the hosted pages, which work without it, but for reporting to the page that opened the window. */
(() => {
  const report = document.querySelector<HTMLElement>("[data-report]");
  const { opener: target, report: message } = report?.dataset ?? {};
  if (target && message) (window.opener as Window | null)?.postMessage(JSON.parse(message), target);

  // A form is sent once, however often its button is pressed, and says that it is on its way.
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
  // Back from the next page, the browser may show this one as it was left.
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
