/** All panels with their styles. */
import "../styles/panels.css";
import "./edit-history";
import "./fault-list";
import "./people-here";
import "./print-dialog";
import "./style-switch";
import "./variant-list";
import "./zone-form";
import "./zone-table";
