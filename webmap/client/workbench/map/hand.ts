/** What the hand does on the map, told in coordinates. */
import type MapBrowserEvent from "ol/MapBrowserEvent";
import PointerInteraction from "ol/interaction/Pointer";

import type { EastNorth } from "../../api/draft-types";

/** The pointer before snapping. */
export interface Touch {
  readonly raw: EastNorth;
  readonly pixel: readonly [number, number];
  readonly shift: boolean;
  readonly ctrl: boolean;
  readonly alt: boolean;
}

export interface HandListener {
  /** The button went down; true: the drag is the tool's, else it moves the map. */
  onDown(touch: Touch): boolean;
  onDrag(touch: Touch): void;
  onUp(touch: Touch): void;
  onMove(touch: Touch): void;
  onClick(touch: Touch): void;
  onDouble(touch: Touch): void;
}

function touchOf(event: MapBrowserEvent): Touch {
  const [east = NaN, north = NaN] = event.coordinate;
  const [x = 0, y = 0] = event.pixel;
  const { shiftKey, ctrlKey, metaKey, altKey } = event.originalEvent as PointerEvent;
  return { raw: [east, north], pixel: [x, y], shift: shiftKey, ctrl: ctrlKey || metaKey, alt: altKey };
}

/** Two clicks farther apart than this (CSS pixels) are two corners, however fast the hand was. */
const ONE_PLACE_PX = 6;

/** Hands on what the pointer does. Owns where the last two clicks were. */
export class Hand extends PointerInteraction {
  private clicked: readonly [number, number] = [NaN, NaN];
  private isTwice = false;

  constructor(private readonly listener: HandListener) {
    super();
  }

  override handleEvent(event: MapBrowserEvent): boolean {
    if (event.type === "click") {
      const touch = touchOf(event);
      this.isTwice = Math.hypot(touch.pixel[0] - this.clicked[0], touch.pixel[1] - this.clicked[1]) <= ONE_PLACE_PX;
      this.clicked = touch.pixel;
      this.listener.onClick(touch);
      return true;
    }
    if (event.type === "dblclick") {
      // OpenLayers looks at the time between two clicks only.
      if (this.isTwice) this.listener.onDouble(touchOf(event));
      return false;
    }
    return super.handleEvent(event);
  }

  override handleDownEvent(event: MapBrowserEvent): boolean {
    const { button } = event.originalEvent as PointerEvent;
    return button === 0 && this.listener.onDown(touchOf(event));
  }

  override handleDragEvent(event: MapBrowserEvent): void {
    this.listener.onDrag(touchOf(event));
  }

  override handleMoveEvent(event: MapBrowserEvent): void {
    this.listener.onMove(touchOf(event));
  }

  override handleUpEvent(event: MapBrowserEvent): boolean {
    this.listener.onUp(touchOf(event));
    return false;
  }
}
