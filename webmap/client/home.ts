/** Entry of the map page; the styles of every page come with the entry "page". */
import "./styles/home.css";
