/** Entry of the map page. */
import "./page";
