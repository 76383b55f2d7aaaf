"""Who: users, offices, territories and the roles that people hold in them."""
