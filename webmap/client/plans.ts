/** Entry of the planner's desk. */
import "./styles/panels.css";
import "./styles/plans.css";
import "./panels/adjustment-form";
import { useSprite } from "./elements/icon";
import type { AdjustmentForm, AdjustmentSettings } from "./panels/adjustment-form";
import { type Catalogue, useCatalogue } from "./text/gettext";

/** Return what Django's json_script put into the page under `id`. */
function given<T>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page lacks #${id}`);
  return JSON.parse(element.textContent) as T;
}

const settings = given<AdjustmentSettings & { readonly sprite: string }>("page-settings");
useCatalogue(given<Catalogue>("catalogue"));
useSprite(settings.sprite);

const form = document.querySelector<AdjustmentForm>("adjustment-form");
if (form !== null) form.settings = settings;
