/** Entry of the page of reach. */
import "./styles/panels.css";
import "./styles/map.css";
import "./styles/reach.css";
import "./reach/index";
import "./elements/map-tools";
import "./workbench/elements/base-switch";
import { useSprite } from "./elements/icon";
import { ReachPage, type ReachSettings } from "./reach-page";
import { type Catalogue, useCatalogue } from "./text/gettext";

/** Return what Django's json_script put into the page under `id`. */
function given<T>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page lacks #${id}`);
  return JSON.parse(element.textContent) as T;
}

const settings = given<ReachSettings>("page-settings");
useCatalogue(given<Catalogue>("catalogue"));
useSprite(settings.sprite);

// The choice of a plan needs no second press where there is a script.
document.querySelector<HTMLSelectElement>(".reach-scope select")?.addEventListener("change", (event) => {
  (event.target as HTMLSelectElement).form?.submit();
});

const place = document.querySelector<HTMLElement>("#reach");
if (place !== null) void new ReachPage(settings, place).start();
