/** Entry of the planner's workbench. */
import "./styles/workbench.css";
import "./styles/map.css";
import "./styles/conflict-parts.css";
import "./conflicts/index";
import "./elements/map-tools";
import "./panels/index";
import "./workbench/elements/base-switch";
import "./workbench/elements/save-state";
import "./workbench/elements/side-panels";
import "./workbench/elements/sketch-line";
import "./workbench/elements/tool-bar";
import { useSprite } from "./elements/icon";
import { type Catalogue, useCatalogue } from "./text/gettext";
import { WorkbenchPage } from "./workbench-page";
import type { BenchSettings } from "./workbench/open-draft";

/** Return what Django's json_script put into the page under `id`. */
function given<T>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page lacks #${id}`);
  return JSON.parse(element.textContent) as T;
}

const settings = given<BenchSettings>("page-settings");
useCatalogue(given<Catalogue>("catalogue"));
useSprite(settings.sprite);

void new WorkbenchPage(settings).start();
