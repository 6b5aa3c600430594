/** Whether this is the build for one HTML file, which has a graph with its data but no server. */
export const IS_STANDALONE: boolean = import.meta.env.MODE === "graph-file";
