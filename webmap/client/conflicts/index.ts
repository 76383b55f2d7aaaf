/** The elements in which conflicts are shown. */
import "./conflict-actions";
import "./conflict-detail";
import "./conflict-filter";
import "./conflict-list";
import "./conflict-matrix";
import "./heat-list";
import "./run-difference";
import "./run-line";
import "./way-list";
