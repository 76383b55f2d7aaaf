/** Entry of the map page: puts question, answer and map together. */
import "./styles/home.css";
import "./styles/search.css";
import "./styles/sheet.css";
import "./styles/map.css";
import "./styles/phone.css";
import "./elements/answer-card";
import "./elements/layer-switch";
import "./elements/map-tools";
import "./elements/place-line";
import "./elements/plan-legend";
import "./elements/search-box";
import type { AnswerCard } from "./elements/answer-card";
import { useSprite } from "./elements/icon";
import type { LayerSwitch } from "./elements/layer-switch";
import type { PlaceLine } from "./elements/place-line";
import type { PlanLegend } from "./elements/plan-legend";
import type { SearchBox } from "./elements/search-box";
import { HomePage, type Settings } from "./home-page";
import { type Catalogue, useCatalogue } from "./text/gettext";

/** Return what Django's json_script put into the page under `id`. */
function given<T>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page lacks #${id}`);
  return JSON.parse(element.textContent) as T;
}

/** Return the element of the page that `selector` names. */
function part<T extends Element>(selector: string): T {
  const element = document.querySelector<T>(selector);
  if (element === null) throw new Error(`the page lacks ${selector}`);
  return element;
}

const settings = given<Settings>("page-settings");
useCatalogue(given<Catalogue>("catalogue"));
useSprite(settings.sprite);

new HomePage(settings, {
  search: part<SearchBox>("search-box"),
  answer: part<AnswerCard>("answer-card"),
  legend: part<PlanLegend>("plan-legend"),
  layers: part<LayerSwitch>("layer-switch"),
  line: part<PlaceLine>("place-line"),
  map: part<HTMLElement>("#map"),
  message: part<HTMLElement>("#map-message"),
  credits: part<HTMLElement>("#credits"),
  spoken: part<HTMLElement>("#spoken"),
}).start();
