/** Entry of every page: letters and styles, and what a script can add to a page that is whole. */
import "@fontsource/be-vietnam-pro/400.css";
import "@fontsource/be-vietnam-pro/500.css";
import "@fontsource/be-vietnam-pro/600.css";
import "@fontsource/be-vietnam-pro/700.css";
import "./styles/base.css";
import "./styles/answer.css";
import "./styles/themes.css";
import "./styles/catalogue.css";
import "./styles/rules.css";
import "./styles/print.css";

document.documentElement.classList.add("scripted");

/** How long a button says that it did its work, in milliseconds. */
const SAID_FOR_MS = 2500;

async function copy(button: HTMLElement, address: string): Promise<void> {
  await navigator.clipboard.writeText(new URL(address, location.href).href);
  const words = button.querySelector("[data-done]");
  if (words === null) return;
  const before = words.textContent;
  words.textContent = words.getAttribute("data-done");
  setTimeout(() => (words.textContent = before), SAID_FOR_MS);
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (button === null) return;
  const address = button.dataset["copy"];
  if (address !== undefined) void copy(button, address);
  else if (button.dataset["print"] !== undefined) print();
});

// On paper nothing can be opened.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
