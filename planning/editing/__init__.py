"""What an edit of a draft is, how it is read and merged, and the chain that edits form."""
