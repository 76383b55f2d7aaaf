/** The elements in which reach is shown. */
import "./reach-kind";
import "./reach-kind-charts";
import "./reach-network";
import "./reach-norms";
import "./reach-overview";
import "./reach-plot";
import "./reach-run";
import "./scenarios";
import "./siting";
