"""Land-use plans: the plan itself as a draft, its annual plans with the projects they list."""
