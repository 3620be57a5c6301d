// offers.js: how long an offer lasts, beside its end, in the words of the page's language. Without it the end is there.
(() => {
  "use strict";

  function countDown() {
    if (!document.querySelector("[data-countdown], .result")) return;
    const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
    const steps = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
    const tell = () => document.querySelectorAll("time[data-countdown]").forEach((time) => {
      const left = Math.max((Date.parse(time.dateTime) - Date.now()) / 1000, 0);
      const [unit, size] = steps.find(([, each]) => left >= 2 * each) ?? steps[3];
      const shown = time.querySelector("span") ?? time.appendChild(document.createElement("span"));
      shown.textContent = ` (${words.format(Math.floor(left / size), unit)})`;
    });
    tell();
    setInterval(tell, 1000);
  }

  countDown();
})();
