"""The pages: the citizen's map, the permanent page of a plot, and the TypeScript client."""
