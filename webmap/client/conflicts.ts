/** Entry of the page of conflicts. */
import "./styles/panels.css";
import "./styles/map.css";
import "./styles/conflicts.css";
import "./conflicts/index";
import "./elements/map-tools";
import "./workbench/elements/base-switch";
import { ConflictsPage, type ConflictsSettings } from "./conflicts-page";
import { useSprite } from "./elements/icon";
import { type Catalogue, useCatalogue } from "./text/gettext";

/** Return what Django's json_script put into the page under `id`. */
function given<T>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page lacks #${id}`);
  return JSON.parse(element.textContent) as T;
}

const settings = given<ConflictsSettings>("page-settings");
useCatalogue(given<Catalogue>("catalogue"));
useSprite(settings.sprite);

// The choice of a plan needs no second press where there is a script.
document.querySelector<HTMLSelectElement>(".conflicts-scope select")?.addEventListener("change", (event) => {
  (event.target as HTMLSelectElement).form?.submit();
});

const place = document.querySelector<HTMLElement>("#conflicts");
if (place !== null) void new ConflictsPage(settings, place).start();
